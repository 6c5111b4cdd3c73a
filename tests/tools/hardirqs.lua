-- hardirqs counts what /proc/interrupts counts for the handlers of devices, and times it.
local proof = require "lib"
local counters = require "counters"

-- Numbered lines end with the handlers' names, with commas between.
local function read()
	local list = {}
	for number, count, rest in counters.read("/proc/interrupts") do
		local names = number:find("^%d+$") and (rest or ""):match("%S+%s+%S+%s+(%S.*)$") or ""
		for name in names:gmatch("[^,]+") do
			name = name:match("^%s*(.-)%s*$"):match("(%S+)$"):sub(1, 31)
			list[name] = (list[name] or 0) + count
		end
	end
	return list
end

-- Disks, consoles and file servers of guests: whatever is there interrupts.
local path = os.tmpname()
local function busy()
	for _ = 1, 5 do
		proof.sh(("dd if=/dev/urandom of=%s bs=64k count=4 conv=fsync 2>/dev/null; sync %s; " ..
			"find /usr/share/doc -maxdepth 2 -newermt 2000-01-01 | head -200 >/dev/null"):format(path, path))
	end
end

-- Whether anything interrupts here at all.
local before, some = read(), false
busy()
for name, count in pairs(read()) do
	some = some or count > (before[name] or 0)
end
if not some then
	os.remove(path)
	proof.skip("no device of this machine interrupts when files are written")
end

proof.case("counts", function()
	local counted, needed = counters.compare("hardirqs", { "-C" }, "hardirq", read, busy)
	assert(needed > 0 and next(counted))
end)

proof.case("time and histograms", function()
	local t = proof.start("hardirqs", "-N")
	local h = proof.start("hardirqs", "-D", "-N")
	busy()
	local hist, total = h:stop(), t:stop()
	local found = hist:where({}, "hist")
	assert(#found > 0)
	for _, record in ipairs(found) do
		proof.equal(record.unit, "nsecs")
		local sum = total:where({ hardirq = record.hardirq }, "map")[1]
		-- The totals were taken for longer.
		assert(sum and sum.count >= record.count and sum.total_ns > 0)
	end
end)

os.remove(path)
proof.done()
