-- bcc.sys: needs no privileges.
local check = require "check"
local sys = require "bcc".sys

local lua = os.getenv("LUA") or "lua5.4"

check.case("clocks", function()
	local a, b = sys.monotonic(), sys.time()
	check.same(sys.sleep(0.02), true)
	assert(sys.monotonic() - a >= 20000000)
	assert(sys.time() > b and math.abs(sys.time() // 1000000000 - os.time()) <= 1)
	check.raises(function() sys.sleep(-1) end, "out of range")
	check.raises(function() sys.sleep("x") end, "number expected")
end)

check.case("regular expressions", function()
	local matches = sys.regex("^vfs_(read|write)$")
	check.same({ matches("vfs_read"), matches("vfs_readv") }, { true, false })
	check.raises(function() sys.regex("(") end, "no regular expression")
	check.raises(function() sys.regex() end, "string expected")
	check.raises(function() matches({}) end, "string expected")
	matches = nil
	collectgarbage()
end)

check.case("names", function()
	check.same(sys.errno_name(2), "ENOENT")
	check.same(sys.errno_name(-13), "EACCES")
	check.same(sys.errno_name(-4101), "BCC_ERR_VERIFIER")
	check.same(sys.strerror(2), "no such file or directory")
	local calls = sys.syscalls()
	for nr, name in pairs(calls) do
		check.same(sys.syscall_name(nr), name)
	end
	local byname = {}
	for _, name in pairs(calls) do
		byname[name] = true
	end
	assert(byname.getpid and byname.openat2 and byname.execve)
	check.same(sys.syscall_name(-1), nil)
	check.same(sys.syscall_name(1 << 30), nil)
end)

check.case("children", function()
	local marker = os.tmpname()
	os.remove(marker)
	local child = sys.spawn { "sh", "-c", "touch " .. marker .. "; exit 7" }
	sys.sleep(0.05)
	check.same(io.open(marker), nil)
	check.same(sys.wait(child, true), nil)
	sys.resume(child)
	check.same({ sys.wait(child) }, { "exit", 7 })
	assert(os.remove(marker))
	child = sys.spawn { "sleep", "10" }
	sys.resume(child)
	sys.kill(child, 9)
	check.same({ sys.wait(child) }, { "signal", 9 })
	check.raises(function() sys.wait(child) end, "No child")
	check.raises(function() sys.spawn {} end, "program")
	check.raises(function() sys.spawn { "/nonexistent" } end, "cannot run /nonexistent: No such file")
	check.raises(function() sys.spawn { "no-such-program" } end, "No such file")
	check.raises(function() sys.spawn { "/etc/passwd" } end, "Permission denied")
	check.raises(function() sys.spawn { "/tmp" } end, "Permission denied")
	check.raises(function() sys.spawn { 1 } end, "expected strings")
	check.raises(function() sys.spawn "ls" end, "table expected")
	check.raises(function() sys.kill(-1) end, "no process id")
	check.raises(function() sys.resume(0) end, "no process id")
end)

check.case("a program that turns out not to run", function()
	local path = os.tmpname()
	local file = io.open(path, "w")
	file:write("#!/nonexistent/interpreter\n")
	file:close()
	os.execute("chmod +x " .. path)
	local out, err, code = check.run(lua .. [[ -e '
		local sys = require "bcc".sys
		local child = sys.spawn { "]] .. path .. [[" }
		sys.resume(child)
		print(select(2, sys.wait(child)))
		os.exit(select(2, sys.wait(sys.spawn { "true" }, true)) or 5)
	']])
	os.remove(path)
	check.same({ out, err, code }, { "127\n", path .. ": cannot be run\n", 5 })
end)

check.case("a child that was never resumed ends with its parent", function()
	local out = check.run(lua .. [[ -e 'print(require "bcc".sys.spawn { "sleep", "100" })']])
	sys.sleep(0.1)
	local state = io.open("/proc/" .. out:match("%d+") .. "/stat")
	assert(not state or state:read("a"):match("%) Z"))
end)

check.case("signals", function()
	-- Each in a process of its own: a caught signal stays caught.
	local script = [[ -e '
		local sys = require "bcc".sys
		sys.catch_signals()
		assert(sys.interrupted() == false)
		sys.kill(sys.getpid(), %d)
		assert(sys.interrupted() == %d)
		assert(sys.sleep(5) == false)
		print "survived"
		%s
	']]
	for _, signal in ipairs { 2, 15 } do
		local out, err, code = check.run(lua .. script:format(signal, signal, ""))
		check.same({ out, code }, { "survived\n", 0 }, err)
	end
	local out = check.run(lua .. script:format(2, 2, "sys.kill(sys.getpid(), 2) print \"no\""))
	check.same(out:find("no"), nil)
	out = check.run(lua .. [[ -e '
		local sys = require "bcc".sys
		sys.catch_signals()
		local start = sys.monotonic()
		os.execute("(sleep 0.1; kill -INT " .. sys.getpid() .. ") &")
		print(sys.sleep(10), sys.interrupted(), sys.monotonic() - start < 5e9)
	']])
	check.same(out, "false\t2\ttrue\n")
end)

check.case("questions about the kernel", function()
	local k = require "bcc".kernel()
	if k:has_member("task_struct", "pid") == nil then
		k:close()
		return -- a kernel without BTF
	end
	check.same({ k:has_member("struct task_struct", "tgid"), k:has_member("task_struct", "no_such"),
		k:has_member("no_such", "pid"), k:has_member("", "") }, { true, false, false, false })
	-- Members of structs without a name within it count.
	check.same(k:has_member("struct sk_buff", "dev"), true)
	check.same({ k:has_function("vfs_read"), k:has_function("no_such_function"), k:has_function("") },
		{ true, false, false })
	check.same({ k:has_tracepoint(nil, "sched_switch"), k:has_tracepoint(nil, "no_such"),
		k:has_tracepoint("sched", "../sched/sched_switch"), k:has_tracepoint("..", "x") },
		{ true, false, false, false })
	k:close()
	check.raises(function() k:has_function("vfs_read") end, "closed")
end)

check.case("files", function()
	check.same({ sys.stat("/dev/null").kind, sys.stat("/dev/null").major, sys.stat("/dev/null").minor },
		{ "char", 1, 3 })
	check.same({ sys.stat("/").kind, (sys.stat("/nonexistent")) }, { "directory" })
	check.same({ sys.list_dir("/nonexistent") }, { nil, "/nonexistent: No such file or directory", 2 })
	local seen = {}
	for _, name in ipairs(sys.list_dir("/proc/self")) do
		seen[name] = true
	end
	check.same({ seen.comm, seen["."], seen[".."] }, { true })
	check.same({ sys.read_link("/nonexistent") }, { nil, "/nonexistent: No such file or directory", 2 })
end)

check.done()
