-- biosnoop: each request with its process, disk, place, size and time.
local proof = require "lib"
local disk = require "disk".new()

local function check_times(list)
	for _, record in ipairs(list) do
		proof.equal(record.lat_ns > 0 and record.lat_ns >= disk.least_ns and record.lat_ns < 60e9, true,
			"latency " .. record.lat_ns)
		proof.equal(record.queue_ns >= 0 and record.queue_ns < 60e9, true, "queue " .. record.queue_ns)
	end
end

proof.case("reads and writes", function()
	local t = proof.start("biosnoop", "-Q", "-P")
	local reader, writer = disk:read(8, 16), disk:write(5, 3)
	local r = t:stop()
	local reads = r:where { pid = reader, comm = disk.comm, disk = disk.name, type_letter = "R", bytes = 4096 }
	local writes = r:where { pid = writer, comm = disk.comm, disk = disk.name, type_letter = "W", bytes = 4096 }
	proof.equal({ #reads, #writes }, { 8, 5 })
	check_times(reads)
	check_times(writes)
	for i, record in ipairs(disk.exact and reads or {}) do
		proof.equal({ record.sector, record.pattern }, { (15 + i) * 8, i > 1 and "S" or record.pattern })
	end
	proof.equal(reads[1].flags:find("Read$") ~= nil and writes[1].flags:find("Write$") ~= nil, true)
	proof.equal(r.summary.lost, 0)
end)

proof.case("of one process or disk", function()
	local t = proof.start("biosnoop", "-n", disk.comm, "--disk", disk.name)
	local pid = disk:read(3)
	local r = t:stop()
	proof.equal({ #r:where { pid = pid }, #r:where {} }, { 3, 3 })
	t = proof.start("biosnoop", "-p", "1")
	disk:read(3)
	proof.equal(#t:stop():where { comm = disk.comm }, 0)
	local _, err, code = proof.run("biosnoop", "--disk", "nonexistent")
	proof.equal({ code, err:find("there is no disk 'nonexistent'", 1, true) ~= nil }, { 2, true })
end)

proof.case("below a command", function()
	local r = proof.trace("biosnoop", {}, ("dd if=%s of=/dev/null bs=4096 count=4 iflag=direct"):format(disk.path))
	proof.equal(#r:where { comm = "dd", bytes = 4096, disk = disk.name } >= 4, true)
	proof.equal(#r:where { comm = disk.comm }, 0)
end)

proof.done()
