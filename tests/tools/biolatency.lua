-- biolatency: the requests of a command, by disk and kind, and how long they took.
local proof = require "lib"
local disk = require "disk".new()

-- All buckets are those of times that are possible.
local function check_buckets(hist, unit_ns)
	local count = 0
	for _, bucket in ipairs(hist.buckets) do
		count = count + bucket.count
		proof.equal(bucket.count == 0 or (bucket.hi + 1) * unit_ns > disk.least_ns, true, "bucket to " .. bucket.hi)
	end
	proof.equal(count, hist.count)
end

proof.case("one histogram", function()
	local t = proof.start("biolatency", "-n", disk.comm, "-e")
	disk:read(8)
	disk:write(3)
	local r = t:stop()
	local hists, sums = r:where({ unit = "usecs" }, "hist"), r:where({}, "map")
	proof.equal({ #hists, hists[1].count, #sums, sums[1].count }, { 1, 11, 1, 11 })
	check_buckets(hists[1], 1000)
	proof.equal(sums[1].total_ns >= 11 * disk.least_ns and sums[1].average_ns == sums[1].total_ns // 11, true)
	proof.equal(r.summary.lost, 0)
end)

proof.case("by disk and kind, with the queue, in milliseconds", function()
	local t = proof.start("biolatency", "-n", disk.comm, "-D", "-F", "-Q", "-m")
	disk:read(4)
	disk:write(2)
	local counts = {}
	for _, hist in ipairs(t:stop():where({ disk = disk.name, unit = "msecs" }, "hist")) do
		check_buckets(hist, 1000000)
		local operation = hist.flags:match("%a+$")
		counts[operation] = (counts[operation] or 0) + hist.count
	end
	proof.equal(counts, { Read = 4, Write = 2 })
end)

proof.case("without a filter all requests are seen", function()
	local t = proof.start("biolatency", "-D")
	disk:read(6)
	local hists = t:stop():where({ disk = disk.name }, "hist")
	proof.equal(#hists, 1)
	proof.equal(disk.exact and hists[1].count == 6 or not disk.exact and hists[1].count >= 6, true)
end)

proof.case("a heat map", function()
	local out, err, code = proof.run("biolatency", "--heatmap", "--", "dd", "if=" .. disk.path, "of=/dev/null",
		"bs=4096", "count=4", "iflag=direct")
	proof.equal(code, 0, err)
	proof.equal(out:find("usecs : distribution over %d+ intervals") ~= nil and out:find("%d+ %-> %d+ |") ~= nil, true)
end)

proof.done()
