-- runqlen sees a queue that is known: programs that compute on CPU 0.
local proof = require "lib"
local sys = require "bcc".sys

-- Runs a tool while so many programs compute on CPU 0.
local function crowded(n, ...)
	local pids = {}
	for i = 1, n do
		pids[i] = sys.spawn { "taskset", "-c", "0", "perl", "-e", "alarm 120; 1 while 1" }
		sys.resume(pids[i])
	end
	proof.sh("sleep 0.5")
	local t = proof.start("runqlen", ...)
	proof.sh("sleep 1")
	local ok, r = pcall(t.stop, t)
	for _, pid in ipairs(pids) do
		sys.kill(pid, 9)
		sys.wait(pid)
	end
	assert(ok, r)
	return r
end

-- The length that half of the samples do not exceed.
local function median(record)
	local seen = 0
	for _, bucket in ipairs(record.buckets) do
		seen = seen + bucket.count
		if 2 * seen >= record.count then
			return bucket.lo
		end
	end
end

local function length_of(n)
	local r = crowded(n, "-C")
	local record = r:where({ cpu = 0 }, "hist")[1]
	proof.equal(record.unit, "runqlen")
	assert(record.count >= 20, record.count)
	proof.equal(r.summary.lost, 0)
	return median(record)
end

proof.case("as long as it is", function()
	-- One of them runs, the others wait. Whoever else is there makes it longer.
	local function others()
		return tonumber(proof.sh("cat /proc/stat"):match("procs_running (%d+)"))
	end
	local before = others()
	local three, seven = length_of(3), length_of(7)
	local more = before + others() + 12
	assert(three >= 2 and three <= 2 + more, three)
	assert(seven >= 6 and seven <= 6 + more, seven)
end)

proof.case("how often it is not empty", function()
	local r = crowded(3, "-O", "-C")
	local row = r:where({ cpu = 0 }, "map")[1]
	assert(row.runqocc_percent >= 90 and row.runqocc_percent <= 100, row.runqocc_percent)
	assert(row.samples >= 20, row.samples)
end)

proof.done()
