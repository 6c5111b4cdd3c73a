-- bcc.features(): rows with their fields, one kind only, helpers of one type, wrong names.
local bcc = require "bcc"
local check = require "check"

check.need_bpf()

local function by_name(list)
	local names = {}
	for _, f in ipairs(list) do
		names[f.name] = f
	end
	return names
end

check.case("maps", function()
	local maps = by_name(bcc.features { kind = "map" })
	check.same(maps.hash, { kind = "map", name = "hash", here = "yes", since = "3.19" })
	check.same(maps.ringbuf.since, "5.8")
	check.same(maps.xdp, nil)
end)

check.case("everything", function()
	local kinds = {}
	for _, f in ipairs(bcc.features()) do
		kinds[f.kind] = (kinds[f.kind] or 0) + 1
		assert(f.here == "yes" or f.here == "no" or f.here == "unknown", f.here)
	end
	check.same(kinds.helper, 211)
	check.same(kinds.program, 32)
end)

check.case("helpers of a type", function()
	local xdp = by_name(bcc.features { kind = "helper", type = "xdp" })
	check.same(xdp.redirect_map.here, "yes")
	check.same(xdp.skb_store_bytes.here, "no")
end)

check.case("what cannot be", function()
	check.raises(function() bcc.features { kind = "nothing" } end, "no kind of feature 'nothing'")
	check.raises(function() bcc.features { type = "nothing" } end, "no program type 'nothing'")
	check.raises(function() bcc.features { kinds = "map" } end, "unknown field 'kinds'")
	check.raises(function() bcc.features(5) end, "table expected")
end)

check.done()
