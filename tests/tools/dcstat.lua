-- dcstat: names that are there are hits, new ones are misses.
local proof = require "lib"

local dir = proof.directory("/dev/shm")

local function sum(command)
	local out = { refs = 0, slow = 0, misses = 0 }
	local r = proof.trace("dcstat", {}, ("perl -e 'chdir \"%s\"; %s'"):format(dir, command))
	for _, record in ipairs(r:where({}, "map")) do
		for name, n in pairs(out) do
			out[name] = n + record[name]
		end
		proof.equal(record.hit_percent >= 0 and record.hit_percent <= 100, true, "hits " .. record.hit_percent)
	end
	proof.equal(r.summary.lost, 0)
	return out
end

proof.case("new names and old ones", function()
	local new = sum("mkdir \"d$_\" for 1..50")
	local old = sum("for (1..10) { stat \"d$_/.\" for 1..50 }")
	proof.equal(new.misses >= 50 and new.slow >= new.misses, true, "misses " .. new.misses)
	proof.equal(old.refs - new.refs >= 500 - 50, true, "look-ups " .. old.refs)
	proof.equal(old.misses < 50, true, "misses of names that are there " .. old.misses)
end)

proof.done()
