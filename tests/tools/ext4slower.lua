-- ext4slower: each operation on a file, with its size, place and time.
local proof = require "lib"
local fs = require "ext4fs".new()

local file = fs.comm .. ".data"
local path = fs.dir .. "/" .. file
local write = ("%s if=/dev/zero of=%s bs=4096 count=3 conv=fsync 2>/dev/null"):format(fs.dd, path)
local read = ("%s if=%s of=/dev/null bs=2048 count=4 2>/dev/null"):format(fs.dd, path)

local function offsets(list)
	local out = {}
	for i, record in ipairs(list) do
		out[i] = record.offset_bytes
	end
	return out
end

proof.case("write, fsync, open, read", function()
	local t = proof.start("ext4slower", "0")
	proof.sh(write)
	proof.sh(read)
	local r = t:stop()
	local all = { file = file, comm = fs.comm }
	local function of(operation, bytes)
		return r:where { file = all.file, comm = all.comm, operation = operation, size_bytes = bytes, err = 0 }
	end
	proof.equal({ #of("write", 4096), #of("fsync", 0), #of("open", 0), #of("read", 2048), #r:where(all) },
		{ 3, 1, 2, 4, 10 })
	proof.equal(offsets(of("write")), { 0, 4096, 8192 })
	proof.equal(offsets(of("read")), { 0, 2048, 4096, 6144 })
	for _, record in ipairs(r:where(all)) do
		proof.equal(record.lat_ns > 0 and record.lat_ns < 60e9, true, "latency " .. record.lat_ns)
	end
	proof.equal(r.summary.lost, 0)
end)

proof.case("only what is slow, and of one command", function()
	local t = proof.start("ext4slower", "50000", "-n", fs.comm)
	proof.sh(read)
	proof.equal(#t:stop():where {}, 0)
	t = proof.start("ext4slower", "0", "-n", "x" .. fs.comm:sub(1, 10))
	proof.sh(read)
	proof.equal(#t:stop():where {}, 0)
end)

proof.done()
