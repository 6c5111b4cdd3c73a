-- oomkill: a process that asks for more memory than its cgroup may have.
local proof = require "lib"

-- A cgroup with a limit, of either version, and a shell that enters it: the directory, or nil.
local make = [[
for root in /sys/fs/cgroup /sys/fs/cgroup/unified /sys/fs/cgroup/memory; do
	dir=$root/bcc-proof-oomkill-$$
	[ ! -e $root/cgroup.subtree_control ] || echo +memory >$root/cgroup.subtree_control
	mkdir $dir || continue
	for limit in memory.max memory.limit_in_bytes; do
		if [ -e $dir/$limit ] && echo 33554432 >$dir/$limit; then
			for swap in memory.swap.max memory.memsw.limit_in_bytes; do
				[ ! -e $dir/$swap ] || echo 0 >$dir/$swap || echo 33554432 >$dir/$swap
			done
			echo $dir
			exit 0
		fi
	done
	rmdir $dir
done 2>/dev/null
echo none]]

local function with_cgroup(run)
	local dir = proof.sh(make):gsub("\n", "")
	if dir == "none" then
		proof.skip("no cgroup can limit memory here")
	end
	local ok, err = pcall(run, dir)
	os.execute("rmdir " .. dir)
	if not ok then
		error(err, 0)
	end
end

proof.case("the one that is killed, and who asked", function()
	with_cgroup(function(dir)
		local t = proof.start("oomkill")
		local pid = tonumber(proof.sh(("sh -c 'echo $$ >%s/cgroup.procs; echo $$; " ..
			"exec perl -e \"\\$x = q(x) x 200e6\"' || true"):format(dir)))
		local r = t:stop()
		local kill = r:where({ victim_pid = pid })[1]
		assert(kill, "process " .. tostring(pid) .. " was not killed")
		proof.equal({ kill.pid, kill.comm, kill.victim_comm }, { pid, "perl", "perl" })
		-- Without the function's hook the memory in all is not known, with it it is the limit.
		if kill.pages then
			proof.equal(kill.pages, 33554432 // tonumber((proof.sh("getconf PAGESIZE"))))
		end
		if kill.rss_bytes then
			proof.equal(kill.rss_bytes > 16 << 20 and kill.rss_bytes <= 48 << 20, true, kill.rss_bytes .. " bytes")
		end
		proof.equal(kill.oom_score_adj or 0, 0)
		proof.equal(r.summary.lost, 0)
	end)
end)

proof.done()
