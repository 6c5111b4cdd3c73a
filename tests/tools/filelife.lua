-- filelife: how old a file became, and who removed it.
local proof = require "lib"

local dir = proof.directory()

proof.case("a short life", function()
	proof.sh("touch " .. dir .. "/older")
	local t = proof.start("filelife")
	proof.sh(("cd %s; touch first second; sleep 0.3; rm first; rm older; rmdir second 2>/dev/null || true"):format(dir))
	local r = t:stop()
	local first = r:where { file = "first", comm = "rm" }
	proof.equal(#first >= 1, true, "removed")
	proof.equal(first[1].age_ns >= 300e6 and first[1].age_ns < 60e9, true, "age " .. first[1].age_ns)
	-- One was there before, the other still is.
	proof.equal({ #r:where { file = "older" }, #r:where { file = "second" } }, { 0, 0 })
	proof.equal(r.summary.lost, 0)
end)

proof.case("below a command", function()
	local t = proof.start("filelife", "-n", "nobody")
	proof.sh(("cd %s; touch third; rm third"):format(dir))
	proof.equal(#t:stop():where { file = "third" }, 0)
	local r = proof.trace("filelife", {}, ("cd %s; touch fourth; rm fourth"):format(dir))
	proof.equal(#r:where { file = "fourth" } >= 1, true)
end)

proof.done()
