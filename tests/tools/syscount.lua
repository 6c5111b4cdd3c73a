-- syscount counts calls exactly, by call and by process, and knows how long they took.
local proof = require "lib"

-- dd with these arguments makes known numbers of calls.
local work = "dd if=/dev/zero of=/dev/null bs=1 count=1234"

proof.case("exact counts", function()
	local r = proof.trace("syscount", { "--limit", "400" }, work)
	local reads = r:where({ syscall = "read" }, "map")[1].count
	local writes = r:where({ syscall = "write" }, "map")[1].count
	-- Reading libraries, and what dd says at the end, come on top.
	assert(reads >= 1234 and reads < 1260, reads)
	assert(writes >= 1234 and writes < 1260, writes)
	proof.equal(r.summary.lost, 0)
end)

proof.case("by process", function()
	local r = proof.trace("syscount", { "-P" }, work)
	assert(r:where({ comm = "dd" }, "map")[1].count >= 2 * 1234)
end)

proof.case("time and intervals", function()
	local t = proof.start("syscount", "-L", "-i", "1")
	proof.sh("sleep 1.2")
	local r = t:stop()
	local slept = 0
	for _, name in ipairs { "clock_nanosleep", "nanosleep" } do
		for _, record in ipairs(r:where({ syscall = name }, "map")) do
			slept = math.max(slept, record.time_ns)
		end
	end
	assert(slept >= 1200000000, slept)
end)

proof.case("one call, of children of one process", function()
	local t = proof.start("syscount", "-P", "--syscall", "getppid", "-c", tostring(require "bcc".sys.getpid()))
	-- The shell is the child; what it runs is not.
	proof.sh("perl -e 'getppid for 1..400'; exec perl -e 'getppid for 1..700'")
	local r = t:stop()
	local found = r:where({}, "map")
	proof.equal(#found, 1)
	-- The shell itself asks, too.
	assert(found[1].count >= 700 and found[1].count <= 705, found[1].count)
end)

proof.case("failures, and one kind of them", function()
	for _, words in ipairs { { "-e", "ENOTDIR" }, { "-x", "-e", "20" } } do
		local r = proof.trace("syscount", words, ("for i in 1 2 3 4 5; do cat /dev/null/$i; done; true"))
		local opens = r:where({ syscall = "openat" }, "map")[1]
		proof.equal(opens and opens.count, 5)
	end
end)

proof.case("calls that end a thread leave nothing behind", function()
	local r = proof.trace("syscount", { "-L", "--limit", "400" }, "for i in 1 2 3; do /bin/true; done")
	proof.equal(#r:where({ syscall = "exit_group" }, "map"), 0)
	proof.equal(r:where({ syscall = "execve" }, "map")[1].count >= 3, true)
	proof.equal(r.summary.lost, 0)
end)

proof.case("what is wrong", function()
	local code, err = proof.fails("syscount", "--syscall", "nix")
	proof.equal(code, 2)
	assert(err:find("nix"), err)
end)

proof.done()
