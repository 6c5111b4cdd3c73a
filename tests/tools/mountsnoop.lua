-- mountsnoop: mounts the old way and step by step, within a mount namespace of their own.
local proof = require "lib"

local dir = proof.sh("mktemp -d"):gsub("\n", "")

-- The calls that no program makes on its own everywhere, by their numbers, which nearly all machines share.
local steps = ([[
	my ($type, $key, $value, $none, $dir, $missing) = ("tmpfs", "size", "64k", "", "DIR", "DIR/missing");
	my $change = pack("Q4", 1, 0, 1 << 18, 0);
	my $fs = syscall(430, $type, 1);
	syscall(431, $fs, 1, $key, $value, 0);
	syscall(431, $fs, 6, 0, 0, 0);
	my $mount = syscall(432, $fs, 1, 2);
	syscall(429, $mount, $none, -100, $dir, 4);
	my $copy = syscall(428, -100, $dir, 1);
	syscall(442, -100, $dir, 0, $change, 32);
	syscall(433, -100, $missing, 0);
	exit($mount < 0 || $copy < 0);]]):gsub("DIR", dir)

local function inside(command)
	return "unshare -m sh -c " .. proof.quote(command)
end

proof.case("mount and umount with flags, options and errors", function()
	local r = proof.trace("mountsnoop", { "-P" }, inside(("mount -t tmpfs -o ro,nosuid,size=64k none %s; " ..
		"umount -l %s; umount %s/missing"):format(dir, dir, dir)))
	local mount = r:where({ syscall = "mount", target = dir })[1]
	assert(mount, "no mount")
	proof.equal({ mount.comm, mount.source, mount.fstype, mount.flags, mount.data, mount.ret },
		{ "mount", "none", "tmpfs", 3, "size=64k", 0 })
	proof.equal(mount.call, ('mount("none", "%s", "tmpfs", MS_RDONLY|MS_NOSUID, "size=64k") = 0'):format(dir))
	proof.equal(mount.pcomm, "sh")
	local private = r:where({ comm = "unshare", syscall = "mount" })[1]
	proof.equal(private.call, 'mount("none", "/", NULL, MS_REC|MS_PRIVATE, NULL) = 0')
	proof.equal({ mount.ppid, mount.mnt_ns }, { private.pid, private.mnt_ns })
	proof.equal(#r:where { syscall = "umount", target = dir, flags = 2, ret = 0 }, 1)
	proof.equal(r.summary.lost, 0)
end)

proof.case("the namespace is the one it is mounted in", function()
	local here = tonumber(proof.sh("readlink /proc/self/ns/mnt"):match("%d+"))
	local r = proof.trace("mountsnoop", {}, "mount -t tmpfs none /nonexistent/dir; " ..
		inside("mount -t tmpfs none " .. dir))
	local outside = r:where({ syscall = "mount", target = "/nonexistent/dir" })
	for _, mount in ipairs(outside) do -- some versions of mount(8) do not even try
		proof.equal({ mount.mnt_ns, mount.ret }, { here, -2 })
	end
	local mount = r:where({ syscall = "mount", target = dir })[1]
	assert(mount and mount.mnt_ns ~= here)
end)

proof.case("step by step", function()
	local r = proof.trace("mountsnoop", {}, inside("perl -e " .. proof.quote(steps)))
	local open = r:where({ syscall = "fsopen", fstype = "tmpfs" })[1]
	assert(open and open.ret >= 0, "no fsopen")
	proof.equal(open.call, ('fsopen("tmpfs", FSOPEN_CLOEXEC) = %d'):format(open.ret))
	proof.equal(#r:where { syscall = "fsconfig", fd = open.ret, key = "size", value = "64k", ret = 0 }, 1)
	proof.equal(#r:where { call = ("fsconfig(%d, FSCONFIG_CMD_CREATE, NULL, NULL, 0) = 0"):format(open.ret) }, 1)
	local mount = r:where({ syscall = "fsmount", fd = open.ret })[1]
	proof.equal(mount.call, ("fsmount(%d, FSMOUNT_CLOEXEC, MOUNT_ATTR_NOSUID) = %d"):format(open.ret, mount.ret))
	proof.equal(#r:where { syscall = "move_mount", fd = mount.ret, target = dir, ret = 0, call =
		('move_mount(%d, "", AT_FDCWD, "%s", MOVE_MOUNT_F_EMPTY_PATH) = 0'):format(mount.ret, dir) }, 1)
	proof.equal(#r:where { syscall = "open_tree", source = dir, flags = 1 }, 1)
	proof.equal(#r:where { syscall = "fspick", target = dir .. "/missing", ret = -2 }, 1)
	-- Not before Linux 5.12.
	for _, change in ipairs(r:where { syscall = "mount_setattr" }) do
		proof.equal(change.call, ('mount_setattr(AT_FDCWD, "%s", 0, {set=MOUNT_ATTR_RDONLY, clear=0, ' ..
			'propagation=MS_PRIVATE}) = 0'):format(dir))
	end
	proof.equal(r.summary.lost, 0)
end)

os.execute("rmdir " .. dir)
proof.done()
