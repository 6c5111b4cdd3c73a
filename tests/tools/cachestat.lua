-- cachestat: a file that is not in the cache, then is; and one that is written.
local proof = require "lib"
local fs = require "ext4fs".new()

local PAGES = 256
local path = fs.dir .. "/data"
local read = ("%s if=%s of=/dev/null bs=4096"):format(fs.dd, path)

local function sum(r)
	local out = { hits = 0, misses = 0, dirties = 0 }
	for _, record in ipairs(r:where({}, "map")) do
		for name, n in pairs(out) do
			out[name] = n + record[name]
		end
	end
	proof.equal(r.summary.lost, 0)
	return out
end

proof.case("misses, then hits", function()
	proof.sh(("dd if=/dev/zero of=%s bs=4096 count=%d conv=fsync 2>/dev/null"):format(path, PAGES))
	proof.sh(("%s 2>/dev/null && dd if=%s iflag=nocache count=0 2>/dev/null"):format(read, path))
	local cold = sum(proof.trace("cachestat", {}, read))
	local warm = sum(proof.trace("cachestat", {}, read))
	proof.equal(cold.misses >= PAGES, true, "misses " .. cold.misses)
	proof.equal(warm.misses < PAGES // 4, true, "misses when all is there " .. warm.misses)
	proof.equal(warm.hits >= PAGES, true, "hits " .. warm.hits)
	proof.equal(warm.hits - cold.hits > PAGES // 2, true, "hits of the cold cache " .. cold.hits)
end)

proof.case("pages that are written are no misses", function()
	local written = sum(proof.trace("cachestat", {}, ("%s if=/dev/zero of=%s.new bs=65536 count=16"):format(fs.dd, path)))
	proof.equal(written.dirties >= PAGES and written.dirties < 2 * PAGES, true, "dirties " .. written.dirties)
	proof.equal(written.misses < PAGES // 4, true, "misses " .. written.misses)
end)

-- Where hits are estimated, pages that processes have mapped count, too.
if not require "bcc".kernel():has_tracepoint("filemap", "mm_filemap_get_pages") then
	print("skipped: a large read counts each page once: this kernel does not tell which pages a read asks for")
	proof.done()
end

proof.case("a large read counts each page once", function()
	-- Pages that were written one by one are found in several batches.
	proof.sh(("dd if=/dev/zero of=%s.small bs=4096 count=%d 2>/dev/null"):format(path, PAGES))
	local large = sum(proof.trace("cachestat", {}, ("%s if=%s.small of=/dev/null bs=1M"):format(fs.dd, path)))
	proof.equal(large.hits < 2 * PAGES, true, "hits " .. large.hits)
end)

proof.done()
