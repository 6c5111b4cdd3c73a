-- vfsstat: the calls of a command that makes a known number of each.
local proof = require "lib"

-- A file system in memory has no other one below, whose calls would count, too.
local dir = proof.directory("/dev/shm")

local perl = ([[perl -MIO::Handle -e 'chdir "%s"; for (1..5) { mkdir "d$_" } for (1..4) { rmdir "d$_" }
	for (1..3) { open(F, ">", "f$_"); syswrite(F, "x") for 1..20; F->sync for 1..2; close F; unlink "f$_" }']]):format(dir)

proof.case("calls of each kind", function()
	local r = proof.trace("vfsstat", {}, perl)
	local sum = {}
	for _, record in ipairs(r:where({}, "map")) do
		for name, value in pairs(record) do
			sum[name] = name:find("_count$") and (sum[name] or 0) + value or nil
		end
	end
	proof.equal({ sum.mkdir_count, sum.rmdir_count, sum.unlink_count, sum.fsync_count }, { 5, 4, 3, 6 })
	proof.equal({ sum.write_count >= 60, sum.write_count < 80, sum.open_count >= 3, sum.read_count >= 1 },
		{ true, true, true, true })
	-- Without probes of functions nobody tells.
	proof.equal(sum.create_count or 3, 3)
	proof.equal(r.summary.lost, 0)
end)

proof.done()
