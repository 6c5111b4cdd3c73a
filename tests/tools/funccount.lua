-- funccount counts exactly: functions of libraries, tracepoints, USDT probes, kernel functions.
local proof = require "lib"
local program = require "program"
local sys = require "bcc".sys

local work = "exec perl -e 'getppid for 1..500'"
-- The shell that becomes it makes calls of its own.
local function trace(...)
	return proof.trace("funccount", { "-n", "perl", ... }, work)
end

proof.case("a function of libc", function()
	local r = trace("c:getppid")
	proof.equal(#r:where({}, "map"), 1)
	proof.equal(#r:where({ func = "getppid", count = 500 }, "map"), 1)
	proof.equal(r.summary.lost, 0)
end)

proof.case("tracepoints by a glob and by a regular expression", function()
	local r = trace("t:syscalls:sys_enter_getp*id")
	proof.equal(#r:where({ func = "syscalls:sys_enter_getppid", count = 500 }, "map"), 1)
	r = trace("-r", "t:syscalls:sys_(enter|exit)_getppid$")
	proof.equal(#r:where({ count = 500 }, "map"), 2)
	proof.equal(#r:where({}, "map"), 2)
end)

proof.case("functions of a program by a glob, in intervals", function()
	local path = program.build()
	local t = proof.start("funccount", "-i", "0.5", path .. ":demo_*")
	proof.sh(path .. " 3 20")
	local r = t:stop()
	os.remove(path)
	local sum = {}
	for _, record in ipairs(r:where({}, "map")) do
		sum[record.func] = (sum[record.func] or 0) + record.count
	end
	-- 3 calls, each of which calls itself 3 times; a jump out of 2.
	proof.equal(sum, { demo_nest = 12, demo_jump = 2, demo_nap = 2 })
end)

proof.case("USDT probes", function()
	local path = program.build()
	local r = proof.trace("funccount", { ("u:%s:demo:*"):format(path) }, path .. " 5 1")
	os.remove(path)
	proof.equal(#r:where({ func = "round", count = 5 }, "map"), 1)
end)

proof.case("only one process", function()
	local pid = sys.spawn { "perl", "-e", "getppid for 1..300" }
	local t = proof.start("funccount", "t:syscalls:sys_enter_getppid", "-p", tostring(pid))
	sys.resume(pid)
	proof.sh("perl -e 'getppid for 1..100'")
	sys.wait(pid)
	proof.equal(#t:stop():where({ count = 300 }, "map"), 1)
end)

proof.case("what is wrong", function()
	proof.equal((proof.fails("funccount", "t:nix")), 2)
	proof.equal((proof.fails("funccount", "-r", "c:(")), 2)
	proof.equal((proof.fails("funccount")), 2)
	local code, err = proof.fails("funccount", "c:getppidd")
	proof.equal(code, 4)
	assert(err:find("getppid"), err)
	proof.equal((proof.fails("funccount", "c:nothing_like_it*")), 4)
end)

-- The kernel's own: the call getppid() enters through one function.
if require "pattern".has_kprobes() then
	proof.case("kernel functions", function()
		local r = trace("*_sys_getpp*")
		local found = r:where({ count = 500 }, "map")
		assert(#found >= 1 and found[1].func:find("_sys_getppid$"), #found)
		r = trace(found[1].func)
		proof.equal(#r:where({ func = found[1].func, count = 500 }, "map"), 1)
		r = trace("-r", "_sys_getppid$")
		assert(#r:where({ count = 500 }, "map") >= 1)
	end)
else
	print("skipped: kernel functions: this kernel has no kprobes")
end

proof.done()
