-- fileslower: reads and writes with their sizes and times; a pipe is slow, but no file.
local proof = require "lib"

local dir = proof.directory()
local wait_for_pipe = [[perl -e '$| = 1; pipe(R, W); if (!fork) { select(undef, undef, undef, 0.5);
	syswrite(W, "xy"); exit } print $$; sysread(R, $b, 10); wait']]

proof.case("reads and writes of a file", function()
	local t = proof.start("fileslower", "0")
	local pid = tonumber(proof.sh(([[perl -e 'print $$; open(F, "+>", "%s/known"); syswrite(F, "x" x 100);
		sysseek(F, 10, 0); sysread(F, $b, 40); sysread(F, $b, 500); close F; open(F, ">>", "%s/known"); sysread(F, $b, 3)']])
		:format(dir, dir)))
	local r = t:stop()
	proof.equal(#r:where { pid = pid, file = "known" }, 4)
	proof.equal(#r:where { pid = pid, file = "known", direction = "W", size_bytes = 100, offset_bytes = 0, err = 0 }, 1)
	proof.equal(#r:where { pid = pid, file = "known", direction = "R", size_bytes = 40, offset_bytes = 10, err = 0 }, 1)
	proof.equal(#r:where { pid = pid, file = "known", direction = "R", size_bytes = 50, offset_bytes = 50 }, 1)
	-- It was opened for writing only: EBADF.
	proof.equal(#r:where { pid = pid, file = "known", direction = "R", size_bytes = 0, err = 9 }, 1)
	proof.equal(r.summary.lost, 0)
end)

proof.case("a pipe that lets wait", function()
	local t = proof.start("fileslower", "-a", "300")
	local pid = tonumber(proof.sh(wait_for_pipe))
	local r = t:stop():where { pid = pid, direction = "R", size_bytes = 2 }
	proof.equal(#r, 1)
	proof.equal(r[1].lat_ns >= 300e6 and r[1].lat_ns < 60e9, true, "waited " .. r[1].lat_ns)
end)

proof.case("pipes are left out without -a", function()
	local t = proof.start("fileslower", "300")
	local pid = tonumber(proof.sh(wait_for_pipe))
	proof.equal(#t:stop():where { pid = pid, size_bytes = 2 }, 0)
end)

proof.done()
