-- ext4dist: how many operations of each kind a command makes.
local proof = require "lib"
local fs = require "ext4fs".new()

local path = fs.dir .. "/data"

proof.case("operations", function()
	local t = proof.start("ext4dist", "-n", fs.comm)
	proof.sh(("%s if=/dev/zero of=%s bs=4096 count=7 conv=fsync 2>/dev/null"):format(fs.dd, path))
	proof.sh(("%s if=%s of=/dev/null bs=4096 count=5 2>/dev/null"):format(fs.dd, path))
	local r = t:stop()
	local counts = {}
	for _, hist in ipairs(r:where({ unit = "usecs" }, "hist")) do
		counts[hist.operation] = hist.count
	end
	-- Libraries and locales are opened and read, too.
	proof.equal({ counts.write, counts.fsync, counts.read >= 5, counts.open >= 2 }, { 7, 1, true, true })
	proof.equal(r.summary.lost, 0)
end)

proof.case("milliseconds, of another command", function()
	local t = proof.start("ext4dist", "-m", "-n", fs.comm)
	proof.sh(("dd if=%s of=/dev/null bs=4096 count=5 2>/dev/null"):format(path))
	proof.sh(("%s if=%s of=/dev/null bs=4096 count=5 2>/dev/null"):format(fs.dd, path))
	local read = t:stop():where({ unit = "msecs", operation = "read" }, "hist")
	proof.equal({ #read, read[1].count >= 5 }, { 1, true })
end)

proof.done()
