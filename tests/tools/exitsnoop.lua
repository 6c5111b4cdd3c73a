-- exitsnoop: statuses, signals, ages and threads.
local proof = require "lib"

proof.case("status, signal and parent", function()
	local name = os.tmpname()
	local r = proof.trace("exitsnoop", {}, "echo $$ >" .. name .. "; (exit 3); sleep 60 & kill -9 $!; wait; exit 0")
	local parent = tonumber(proof.sh("cat " .. name .. "; rm " .. name))
	proof.equal(#r:where { ppid = parent, status = 3, reason = "code 3" }, 1)
	proof.equal(#r:where { ppid = parent, signal = 9, core = false, reason = "signal 9 (KILL)" }, 1)
	proof.equal(#r:where { pid = parent, tid = parent, status = 0 }, 1)
	proof.equal(r.summary.lost, 0)
end)

proof.case("-x leaves out what succeeds", function()
	local r = proof.trace("exitsnoop", { "-x", "--label", "mine" }, "(exit 5); (exit 0); true")
	proof.equal(#r:where { status = 5, label = "mine" }, 1)
	proof.equal(#r:where { status = 0 }, 0)
end)

proof.case("the age is the time since it began", function()
	local r = proof.trace("exitsnoop", {}, "sleep 0.5")
	local slept = r:where { status = 0 }[1]
	proof.equal(slept.age_ns >= 500e6 and slept.age_ns < 60e9, true, "half a second in " .. slept.age_ns)
end)

proof.done()
