-- biopattern: sequential and random reads are told apart.
local proof = require "lib"
local disk = require "disk".new()

proof.case("a run, then jumps", function()
	local t = proof.start("biopattern", "--disk", disk.name)
	disk:read(8)
	for _, first in ipairs { 100, 50, 200 } do
		disk:read(1, first)
	end
	local r = t:stop()
	local row = r:where({ disk = disk.name }, "map")[1]
	proof.equal(#r:where({}, "map"), 1)
	-- The first request ever seen is not counted.
	if disk.exact then
		proof.equal({ row.count, row.bytes }, { 10, 10 * 4096 })
		proof.equal({ row.random_percent, row.sequential_percent }, { 30, 70 })
	end
	proof.equal(row.count >= 10 and row.bytes >= 10 * 4096, true)
	proof.equal(math.abs(row.random_percent + row.sequential_percent - 100) < 0.001, true)
	proof.equal(row.random_percent > 0, true)
	proof.equal(r.summary.lost, 0)
end)

proof.done()
