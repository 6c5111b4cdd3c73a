-- syncsnoop: which call, by whom, of which descriptor.
local proof = require "lib"

proof.case("sync, fsync and fdatasync of own files", function()
	local file = os.tmpname()
	local r = proof.trace("syncsnoop", {}, ("dd if=/dev/zero of=%s bs=512 count=1 conv=fsync; " ..
		"dd if=/dev/zero of=%s bs=512 count=1 conv=fdatasync; sync -f %s"):format(file, file, file))
	proof.equal(#r:where { comm = "dd", call = "fsync", fd = 1 }, 1)
	proof.equal(#r:where { comm = "dd", call = "fdatasync", fd = 1 }, 1)
	proof.equal(#r:where { comm = "sync", call = "syncfs" }, 1)
	proof.equal(r.summary.lost, 0)
	os.remove(file)
end)

proof.case("a name that nobody has", function()
	local file = os.tmpname()
	local r = proof.trace("syncsnoop", { "-n", "nobody" },
		"dd if=/dev/zero of=" .. file .. " bs=512 count=1 conv=fsync")
	proof.equal(#r:where {}, 0)
	os.remove(file)
end)

proof.done()
