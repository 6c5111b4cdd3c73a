-- killsnoop: who sent what to whom, and how it went.
local proof = require "lib"

local function pid_of(file)
	return tonumber(proof.sh("cat " .. file))
end

proof.case("a signal that arrives, and one that cannot", function()
	local file = os.tmpname()
	local r = proof.trace("killsnoop", {},
		"sleep 60 & echo $! >" .. file .. "; kill -USR1 $!; wait; kill -0 99999999")
	local target = pid_of(file)
	proof.equal(#r:where { target_pid = target, sig = 10, signal = "USR1", result = 0, comm = "sh" }, 1)
	proof.equal(#r:where { target_pid = 99999999, sig = 0, result = -3 }, 1)
	proof.equal(r.summary.lost, 0)
	os.remove(file)
end)

proof.case("-x and -s leave out the others", function()
	local command = "sleep 60 & kill -USR1 $!; kill -USR1 99999999; kill -USR2 99999999"
	local failed = proof.trace("killsnoop", { "-x" }, command)
	proof.equal({ #failed:where { result = 0 }, #failed:where { result = -3 } }, { 0, 2 })
	local one = proof.trace("killsnoop", { "-x", "-s", "12" }, command)
	proof.equal({ #one:where { sig = 12 }, #one:where { sig = 10 } }, { 1, 0 })
end)

proof.case("threads", function()
	-- perl has kill() only; tgkill(2) by number where it is known.
	if proof.sh("uname -m") ~= "x86_64\n" then
		return
	end
	local r = proof.trace("killsnoop", {}, "perl -e 'my $p = $$ + 0; syscall(234, $p, $p, 0); syscall(200, $p, 0)'")
	proof.equal(#r:where { comm = "perl", sig = 0, result = 0 }, 2)
end)

proof.done()
