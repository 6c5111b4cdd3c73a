-- biotop: requests, bytes and times by process.
local proof = require "lib"
local disk = require "disk".new()

local function sum(list, field)
	local n = 0
	for _, record in ipairs(list) do
		n = n + record[field]
	end
	return n
end

proof.case("reads and writes of two processes", function()
	local t = proof.start("biotop", "--limit", "1000")
	local reader, writer = disk:read(8), disk:write(5)
	local r = t:stop()
	local reads = r:where({ pid = reader, comm = disk.comm, disk = disk.name, direction = "R" }, "map")
	local writes = r:where({ pid = writer, comm = disk.comm, disk = disk.name, direction = "W" }, "map")
	proof.equal({ sum(reads, "ios"), sum(reads, "bytes") }, { 8, 8 * 4096 })
	proof.equal({ sum(writes, "ios"), sum(writes, "bytes") }, { 5, 5 * 4096 })
	proof.equal(reads[1].average_ns > 0 and reads[1].average_ns >= disk.least_ns, true)
	proof.equal({ #r:where({ pid = reader, direction = "W" }, "map"), r.summary.lost }, { 0, 0 })
end)

proof.case("the rows of a report are cut and sorted", function()
	local t = proof.start("biotop", "-r", "1", "--sort", "-ios", "-n", disk.comm, "-i", "60")
	disk:read(2)
	local most = disk:read(9)
	local r = t:stop():where({}, "map")
	proof.equal({ #r, r[1].pid, r[1].ios }, { 1, most, 9 })
end)

proof.done()
