-- funclatency's times are those that a program spends in its functions, also in nested ones, and after
-- functions that never return.
local proof = require "lib"
local program = require "program"

local path = program.build()

-- How many of a histogram's record are in buckets from that on.
local function above(record, lo)
	local n = 0
	for _, bucket in ipairs(record.buckets) do
		n = n + (bucket.lo >= lo and bucket.count or 0)
	end
	return n
end

proof.case("a function that sleeps", function()
	local r = proof.trace("funclatency", { "-m", path .. ":demo_nap" }, path .. " 0 40")
	local record, sum = r:where({}, "hist")[1], r:where({}, "map")[1]
	proof.equal({ record.unit, record.count, above(record, 32) }, { "msecs", 2, 2 })
	proof.equal(sum.count, 2)
	assert(sum.avg_ns >= 40000000 and sum.total_ns // 2 == sum.avg_ns, sum.avg_ns)
	proof.equal(r.summary.lost, 0)
end)

proof.case("a function that calls itself", function()
	local r = proof.trace("funclatency", { "--microseconds", path .. ":demo_nest" }, path .. " 5 1")
	local record, sum = r:where({}, "hist")[1], r:where({}, "map")[1]
	-- Each round has four calls, of 2, 4, 6 and 8 ms at least.
	proof.equal({ record.unit, record.count }, { "usecs", 20 })
	assert(sum.total_ns >= 5 * (2 + 4 + 6 + 8) * 1000000, sum.total_ns)
	assert(above(record, 4096) >= 10, above(record, 4096))
end)

proof.case("calls that are nested too deep", function()
	local r = proof.trace("funclatency", { "-l", "2", path .. ":demo_nest" }, path .. " 5 1")
	local record, sum = r:where({}, "hist")[1], r:where({}, "map")[1]
	-- Only those of 8 and 6 ms.
	proof.equal(record.count, 10)
	assert(sum.total_ns >= 5 * (6 + 8) * 1000000, sum.total_ns)
end)

proof.case("each function by itself, after one that never returns", function()
	local r = proof.trace("funclatency", { "-F", path .. ":demo_*" }, path .. " 2 30")
	proof.equal(#r:where({ func = "demo_jump" }, "hist"), 0)
	proof.equal(r:where({ func = "demo_nest" }, "hist")[1].count, 8)
	local nap = r:where({ func = "demo_nap" }, "hist")[1]
	proof.equal({ nap.count, nap.unit, above(nap, 1 << 24) }, { 2, "nsecs", 2 })
end)

proof.case("a function of libc", function()
	local r = proof.trace("funclatency", { "-m", "c:select" },
		"exec perl -e 'select undef, undef, undef, 0.05 for 1..10'")
	local record = r:where({}, "hist")[1]
	proof.equal({ record.count, above(record, 32) }, { 10, 10 })
end)

if require "pattern".has_kprobes() then
	-- On kernels that cannot be preempted the returns of as many calls are seen as there are CPUs, and
	-- the proof sleeps as well.
	proof.case("a kernel function, with the kernel's own limit", function()
		local r = proof.trace("funclatency", { "-m", "hrtimer_nanosleep" }, path .. " 0 40")
		local record = r:where({}, "hist")[1]
		local seen = record and record.count or 0
		assert(seen <= 2 and seen + r.summary.lost >= 1, ("%d seen, %d lost"):format(seen, r.summary.lost))
		proof.equal(record and above(record, 32) or 0, seen)
	end)

	proof.case("kernel functions", function()
		local many = { "--maxactive", "100" }
		local r = proof.trace("funclatency", { "-m", "hrtimer_nanosleep", table.unpack(many) }, path .. " 0 40")
		local record = r:where({}, "hist")[1]
		proof.equal({ record.count, above(record, 32), r.summary.lost }, { 2, 2, 0 })
		r = proof.trace("funclatency", { "-F", "-r", "^(hrtimer_nanosleep|do_nanosleep)$", table.unpack(many) },
			path .. " 0 40")
		proof.equal(r:where({ func = "hrtimer_nanosleep" }, "hist")[1].count, 2)
		proof.equal(r:where({ func = "do_nanosleep" }, "hist")[1].count, 2)
	end)

	proof.case("a limit that cannot be", function()
		local code, err = proof.fails("funclatency", "--maxactive", "9999", "do_nanosleep")
		assert(code == 2 and err:find("1 to 4096", 1, true), err)
	end)
else
	print("skipped: kernel functions: this kernel has no kprobes")
end

os.remove(path)
proof.done()
