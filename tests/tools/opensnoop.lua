-- opensnoop sees each open with its result, and only those that were asked for.
local proof = require "lib"

proof.case("opens that succeed and opens that fail", function()
	local path = os.tmpname()
	local t = proof.start("opensnoop")
	local pid = tonumber(proof.sh(("echo $$; exec 3<%s; exec 3<&-; cat %s.no 2>/dev/null || true")
		:format(path, path)))
	local r = t:stop()
	os.remove(path)
	local found = r:where { path = path, pid = pid }
	proof.equal(#found, 1)
	proof.equal({ found[1].tid, found[1].comm, found[1].err, found[1].flags & 3 }, { pid, "sh", 0, 0 })
	assert(found[1].fd >= 3)
	proof.equal(#r:where { path = path .. ".no", comm = "cat", fd = -1, err = 2 }, 1)
	proof.equal(r.summary.lost, 0)
end)

proof.case("only failures, of one command and what it runs", function()
	local r = proof.trace("opensnoop", { "-x" }, "cat /nonexistent/a /etc/hostname; (cat /nonexistent/b)")
	proof.equal(#r:where { path = "/nonexistent/a" }, 1)
	proof.equal(#r:where { path = "/nonexistent/b" }, 1)
	proof.equal(#r:where { path = "/etc/hostname" }, 0)
	proof.equal(#r:where { err = 0 }, 0)
end)

proof.case("-f: only with these flags, and the mode of what is made", function()
	local file = os.tmpname()
	local command = ("rm -f %s; umask 0; : >%s; : <%s; : >>%s"):format(file, file, file, file)
	local r = proof.trace("opensnoop", { "-f", "O_WRONLY,O_RDWR" }, command)
	os.remove(file)
	local found = r:where { path = file }
	proof.equal(#found, 2)
	proof.equal({ found[1].mode, found[1].flags & 3, found[2].flags & 3 }, { 438, 1, 1 })
	proof.equal(found[2].flags & 1024, 1024)
	r = proof.trace("opensnoop", { "-f", "append" }, command)
	os.remove(file)
	proof.equal(#r:where { path = file }, 1)
	local _, err, code = proof.run("opensnoop", "-f", "O_SUCH")
	proof.equal({ code, err:match("O_SUCH") }, { 2, "O_SUCH" })
end)

-- Relative to where a process works, to an open directory, across a mount, and from the root.
proof.case("-F: relative paths with their directories", function()
	local dir = proof.sh("mktemp -d"):gsub("\n", "")
	local deep = dir .. "/one/two"
	local r = proof.trace("opensnoop", { "-F" }, "unshare -m sh -c " .. proof.quote(([[
		mkdir -p DIR/one; mount -t tmpfs none DIR/one; mkdir -p DEEP/three; : >DEEP/three/file
		cd DEEP; cat three/file ./missing; find three/file three >/dev/null; cat three/../three/file
		cd /; cat etc/passwd; cat /etc/passwd]]):gsub("DEEP", deep):gsub("DIR", dir)))
	os.execute("rm -r " .. dir)
	proof.equal(#r:where { comm = "cat", path = deep .. "/three/file", err = 0 }, 1)
	proof.equal(#r:where { comm = "cat", path = deep .. "/./missing", err = 2 }, 1)
	proof.equal(#r:where { comm = "cat", path = deep .. "/three/../three/file", err = 0 }, 1)
	proof.equal(#r:where { comm = "find", path = deep .. "/three", err = 0 } > 0, true)
	proof.equal(#r:where { comm = "cat", path = "/etc/passwd" }, 2)
	proof.equal(r.summary.lost, 0)
end)

proof.case("-F: of an open directory", function()
	local r = proof.trace("opensnoop", { "-F" }, [[perl -e '
		my ($dir, $name) = ("/usr/share", "proof-of-none");
		my $fd = syscall(257, -100, $dir, 0200000);
		syscall(257, $fd, $name, 0);']])
	if proof.sh("uname -m") == "x86_64\n" then -- the number of openat
		proof.equal(#r:where { comm = "perl", path = "/usr/share/proof-of-none", err = 2 }, 1)
	end
end)

proof.done()
