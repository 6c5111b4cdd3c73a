-- gethostlatency: who looks up which name.
local proof = require "lib"

local function lookups(code)
	return proof.trace("gethostlatency", {}, "exec perl -MSocket=:all -e " .. proof.quote(code))
end

local function one(r, host)
	local list = r:where { comm = "perl", host = host }
	proof.equal(#list, 1, host)
	assert(list[1].lat_ns > 0 and list[1].lat_ns < 60000000000, list[1].lat_ns)
	proof.equal(list[1].pid, list[1].tid)
end

proof.case("names and addresses", function()
	local r = lookups([[getaddrinfo("localhost", "80"); gethostbyname("127.0.0.1"); getaddrinfo("::1", "80")]])
	one(r, "localhost")
	one(r, "127.0.0.1")
	one(r, "::1")
	proof.equal(#r:where {}, 3)
	proof.equal(r.summary.lost, 0)
end)

proof.case("no name, nothing looked up", function()
	local r = lookups([[getaddrinfo("", "80", { flags => AI_PASSIVE }); getaddrinfo("127.0.0.9", "80")]])
	proof.equal(#r:where {}, #r:where { host = "127.0.0.9" })
	one(r, "127.0.0.9")
end)

proof.done()
