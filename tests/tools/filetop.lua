-- filetop: calls and bytes by file and thread.
local proof = require "lib"

local dir = proof.directory()
local perl = ([[perl -e 'print $$; open(F, "+>", "%s/known"); syswrite(F, "x" x 1000) for 1..3;
	sysseek(F, 0, 0); sysread(F, $b, 700) for 1..2; pipe(R, W); syswrite(W, "abc"); sysread(R, $b, 3)']]):format(dir)

-- A file's rows of all reports as one.
local function sum(list)
	local out = { reads = 0, writes = 0, read_bytes = 0, written_bytes = 0 }
	for _, record in ipairs(list) do
		for name, n in pairs(out) do
			out[name] = n + record[name]
		end
	end
	return out
end

proof.case("a file's reads and writes", function()
	local t = proof.start("filetop", "--limit", "10000")
	local pid = tonumber(proof.sh(perl))
	local inode = tonumber(proof.sh("stat -c %i " .. dir .. "/known"))
	local r = t:stop()
	local rows = r:where({ pid = pid, file = "known", inode = inode, comm = "perl", file_type = "R" }, "map")
	proof.equal(sum(rows), { reads = 2, writes = 3, read_bytes = 1400, written_bytes = 3000 })
	proof.equal({ #r:where({ pid = pid, file_type = "O" }, "map"), r.summary.lost }, { 0, 0 })
end)

proof.case("pipes with -a; order and length", function()
	local t = proof.start("filetop", "-a", "--limit", "10000", "-i", "60")
	local pid = tonumber(proof.sh(perl))
	local r = t:stop()
	local pipe = sum(r:where({ pid = pid, file_type = "O", written_bytes = 3, read_bytes = 3 }, "map"))
	proof.equal({ pipe.reads, pipe.writes }, { 1, 1 })
	t = proof.start("filetop", "-s", "wbytes", "-r", "2", "-i", "60")
	proof.sh(perl)
	local rows = t:stop():where({}, "map")
	proof.equal({ #rows, rows[1].written_bytes >= rows[2].written_bytes, rows[1].written_bytes >= 3000 },
		{ 2, true, true })
end)

proof.done()
