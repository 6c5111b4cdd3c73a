-- cpudist's times on and off the CPU are those that the kernel and the process know.
local proof = require "lib"
local work = require "sched_work"

proof.case("on the CPU", function()
	local t = proof.start("cpudist", "-P", "-e", "-n", "bccrun")
	local did = work.run("bccrun", "use Time::HiRes q(time); my $t = time + 1; 1 while time < $t")
	local r = t:stop()
	local found = r:where({ pid = did.pid, comm = "bccrun" }, "hist")
	proof.equal(#found, 1)
	proof.equal(found[1].unit, "usecs")
	local sum = r:where({}, "map")[1]
	work.near(sum.total_ns, did.ran_ns, 0.15, 50e6, "time on the CPU")
	proof.equal({ sum.count, sum.avg_ns }, { found[1].count, sum.total_ns // sum.count })
	local least, most = work.range(found[1])
	assert(least * 1000 <= sum.total_ns and most * 1000 >= sum.total_ns, ("%s %s %s")
		:format(least, most, sum.total_ns))
	proof.equal(r.summary.lost, 0)
end)

proof.case("off the CPU", function()
	local t = proof.start("cpudist", "-O", "-L", "-m", "-n", "bccnap")
	local did = work.run("bccnap", "select undef, undef, undef, 0.07 for 1..20")
	local r = t:stop()
	local found = r:where({ tid = did.pid, comm = "bccnap" }, "hist")
	proof.equal(#found, 1)
	local naps = 0
	for _, bucket in ipairs(found[1].buckets) do
		naps = naps + (bucket.lo >= 64 and bucket.count or 0)
	end
	-- 70 ms are in the bucket from 64 to 127, or above when the machine is busy; a nap may be cut in
	-- two there, when it is pushed off the CPU while it falls asleep.
	local _, most = work.range(found[1])
	assert(naps >= 15 and naps <= 22 and most >= 1400, naps .. " naps, " .. most .. " ms")
end)

-- Hundredths of a second that the CPUs had nothing to do.
local function idle_ticks()
	return tonumber(proof.sh("cat /proc/stat"):match("^cpu +%d+ +%d+ +%d+ +(%d+)"))
end

proof.case("idle tasks only when asked for", function()
	local function idle(...)
		local r = proof.trace("cpudist", { "-O", "-P", ... }, "sleep 0.2")
		return r:where({ pid = 0 }, "hist")
	end
	proof.equal(#idle(), 0)
	-- On a busy machine no CPU may ever be idle.
	local t = proof.start("cpudist", "-P", "-I")
	local before = idle_ticks()
	proof.sh("sleep 0.5")
	local was_idle = idle_ticks() - before > 10
	local found = t:stop():where({ pid = 0 }, "hist")
	assert(not was_idle or #found >= 1)
	for _, record in ipairs(found) do
		assert(record.comm:find("^swapper/"), record.comm)
	end
end)

proof.done()
