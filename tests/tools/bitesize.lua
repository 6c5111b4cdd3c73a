-- bitesize: the sizes of a command's requests.
local proof = require "lib"
local disk = require "disk".new()

proof.case("requests of 4 KiB", function()
	local t = proof.start("bitesize")
	disk:read(8)
	disk:write(3)
	local r = t:stop()
	local hists = r:where({ comm = disk.comm, unit = "Kbytes" }, "hist")
	proof.equal(#hists, 1)
	proof.equal(hists[1].buckets, { { lo = 4, hi = 7, count = 11 } })
	proof.equal(r.summary.lost, 0)
end)

proof.case("another command's are left out", function()
	local t = proof.start("bitesize", "-n", "nobody")
	disk:read(2)
	proof.equal(#t:stop():where({}, "hist"), 0)
end)

proof.done()
