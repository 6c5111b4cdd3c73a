-- The tools, as commands, against workloads whose events are known exactly.
local check = require "check"

check.need_bpf()

local names = { "opensnoop", "execsnoop", "syscount" }

local function quote(text)
	return "'" .. text:gsub("'", "'\\''") .. "'"
end

local function command(name, ...)
	local words = { os.getenv("LUA"), os.getenv("TOOLS") .. "/" .. name .. ".lua" }
	for _, word in ipairs { ... } do
		words[#words + 1] = quote(word)
	end
	return table.concat(words, " ")
end

local function run(name, ...)
	local out, err, code = check.run(command(name, ...))
	return out, err, code
end

local function lines(text)
	local list = {}
	for line in text:gmatch("[^\n]*\n") do
		list[#list + 1] = line:sub(1, -2)
	end
	return list
end

-- The value of a field in a JSON line: enough for what the tools write.
local function field(line, name)
	local text = line:match('"' .. name .. '":"(.-[^\\])"') or line:match('"' .. name .. '":([^,}]*)')
	return tonumber(text) or text
end

-- The JSON records of one type; every line must have what all of them have.
local function records(name, out, kind)
	local list = {}
	for _, line in ipairs(lines(out)) do
		assert(line:match('^{"v":1,"tool":"' .. name .. '","ts":%d+,"type":"%a+",.*}$'), line)
		if field(line, "type") == kind then
			list[#list + 1] = line
		end
	end
	return list
end

-- A workload that opens a file n times, from a process that prints its id.
local function opener(path, n)
	return "-e", ('$| = 1; print "pid $$\n"; for (1..%d) { open(F, "<", "%s"); close(F) }'):format(n, path)
end

check.case("--help, --version", function()
	for _, name in ipairs(names) do
		local out, err, code = run(name, "--help")
		check.same({ err, code }, { "", 0 })
		assert(out:find("usage: " .. name, 1, true) and out:find("\nexamples:", 1, true))
		for _, option in ipairs { "--duration", "--json", "--timestamp", "--dry-run", "--help" } do
			assert(out:find(option, 1, true), option)
		end
		check.same({ run(name, "-h") }, { out, "", 0 })
		assert(run(name, "--version"):match("^" .. name .. " %d+%.%d+%.%d+\n$"))
	end
end)

check.case("wrong command lines", function()
	for _, name in ipairs(names) do
		for _, bad in ipairs { "--nope", "-p", "-px", "--duration=0", "extra", "--timestamp=x", "--" } do
			local out, err, code = run(name, bad)
			check.same({ out, code }, { "", 2 }, name .. " " .. bad .. err)
			assert(err:find("^" .. name .. ": .*\nTry '" .. name .. " %-%-help'%.\n$"), err)
		end
	end
	check.same(select(3, run("syscount", "-e", "ENOSUCH")), 2)
	check.same(select(3, run("syscount", "0")), 2)
end)

check.case("--dry-run", function()
	for _, name in ipairs(names) do
		local out, err, code = run(name, "--dry-run")
		check.same({ err, code }, { "", 0 })
		assert(out:find("^tracepoint:%S+ +tracepoint__%S+ +perf "), out)
		out, err, code = run(name, "--dry-run", "--json")
		check.same({ err, code }, { "", 0 })
		assert(#records(name, out, "hook") >= 1)
	end
end)

check.case("without privileges", function()
	for _, name in ipairs(names) do
		local out, err, code = check.run("setpriv --inh-caps=-all --bounding-set=-all " .. command(name))
		check.same({ out, code }, { "", 3 }, err)
		assert(err:find("CAP_", 1, true) or err:find("permi", 1, true) or err:find("user", 1, true), err)
	end
end)

check.case("opensnoop sees each open, as JSON", function()
	local path = os.tmpname()
	local out, err, code = run("opensnoop", "--json", "--", "perl", opener(path, 25))
	check.same({ err, code }, { "", 0 })
	local pid = tonumber(out:match("pid (%d+)\n"))
	out = out:gsub("pid %d+\n", "")
	local n = 0
	for _, line in ipairs(records("opensnoop", out, "event")) do
		if field(line, "path") == path then
			n = n + 1
			check.same(field(line, "pid"), pid)
			check.same(field(line, "tid"), pid)
			check.same(field(line, "comm"), "perl")
			check.same(field(line, "err"), 0)
			assert(field(line, "fd") >= 3)
		end
	end
	check.same(n, 25)
	local last = records("opensnoop", out, "summary")
	check.same(#last, 1)
	check.same(field(last[1], "lost"), 0)
	os.remove(path)
end)

check.case("opensnoop's table", function()
	local path = "/nonexistent/\27[31mfile"
	local out, err, code = run("opensnoop", "-U", "-T", "-e", "-x", "--", "perl", opener(path, 3))
	check.same({ err, code }, { "", 0 })
	local pid = out:match("pid (%d+)\n")
	local rows = lines((out:gsub("pid %d+\n", "")))
	check.same(rows[1], "TIME(s)     UID    PID     COMM               FD ERR    FLAGS MODE PATH")
	local n = 0
	for i = 2, #rows do
		local uid, seen, comm, fd, errno, flags, name =
			rows[i]:match("^%d+%.%d+ +(%d+) +(%d+) +(%S+) +(-?%d+) +(%d+) (%d+) +%d+ (.*)$")
		check.same({ uid, fd }, { "0", "-1" }, rows[i])
		assert(not rows[i]:find("%c"))
		if name == "/nonexistent/\\x1b[31mfile" then
			n = n + 1
			check.same({ seen, comm, errno }, { pid, "perl", "2" })
			check.same(#flags, 8)
		end
	end
	check.same(n, 3)
end)

check.case("opensnoop's filters", function()
	local path = os.tmpname()
	local function count(...)
		local words = { ... }
		words[#words + 1] = "--"
		local out, err = run("opensnoop", table.unpack(table.move({ "sh", "-c", 'perl -e "open F, q(' .. path ..
			')"; cat ' .. path }, 1, 3, #words + 1, words)))
		check.same(err, "")
		return select(2, out:gsub(path, ""))
	end
	check.same(count(), 2)
	check.same(count("-n", "perl"), 1)
	check.same(count("-n", "er"), 1)
	check.same(count("-n", "perlx"), 0)
	check.same(count("-u", "0"), 2)
	check.same(count("-u", "12345"), 0)
	check.same(count("-u", "12345,0"), 2)
	check.same(count("-p", "1"), 0)
	check.same(count("-t", "1"), 0)
	check.same(count("-x"), 0)
	os.remove(path)
end)

check.case("opensnoop -p of a process that runs already", function()
	local path = os.tmpname()
	local script = ([[
		perl -e 'for (1..1200) { open F, "<", "%s"; select undef, undef, undef, 0.05 }' & child=$!
		%s -p $child -d 1; kill $child
		echo "child $child"
	]]):format(path, command("opensnoop"))
	local out, err = check.run("sh -c " .. quote(script))
	check.same(err, "")
	local child, n = out:match("child (%d+)"), 0
	for line in out:gmatch("[^\n]*" .. path) do
		check.same(line:match("^(%d+)"), child)
		n = n + 1
	end
	assert(n >= 2 and n <= 30, n) -- 20 in a second, fewer on a busy machine
	os.remove(path)
end)

check.case("execsnoop follows a chain", function()
	local out, err, code = run("execsnoop", "--", "sh", "-c", "env true; exec env FOO='a  b' true")
	check.same({ err, code }, { "", 0 })
	local rows = lines(out)
	check.same(rows[1], "PCOMM            PID     PPID    RET ARGS")
	local seen, pid = {}, rows[2]:match("^sh +(%d+)")
	for i = 2, #rows do
		local comm, own, parent, ret, words = rows[i]:match("^(%S+) +(%d+) +(%d+) +(-?%d+) (.*)$")
		check.same(ret, "0", rows[i])
		check.same(own == pid or parent == pid, true, rows[i])
		seen[i - 1] = comm .. ": " .. words:gsub("^/%S*/", "")
	end
	check.same(seen, { "sh: sh -c env true; exec env FOO='a  b' true", "env: env true", "true: true",
		"env: env FOO=a  b true", "true: true" })
end)

check.case("execsnoop's options", function()
	local out = run("execsnoop", "-q", "-T", "-U", "-n", "tru", "--", "sh", "-c", 'exec env true "a \\" b"')
	local rows = lines(out)
	check.same(rows[1], "TIME     UID    PCOMM            PID     PPID    RET ARGS")
	check.same(#rows, 2)
	assert(rows[2]:find('^%d%d:%d%d:%d%d 0 +true .* 0 "/%S*/true" "a \\" b"$'), rows[2])
	out = run("execsnoop", "-l", "needle", "--", "sh", "-c", "/bin/true hay; /bin/true needle; /bin/true hay")
	rows = lines(out)
	check.same(#rows, 3)
	assert(rows[2]:find("/sh -c", 1, true) and rows[3]:find("/bin/true needle$"))
	out = run("execsnoop", "--", "sh", "-c", "exec /nonexistent/x 2>/dev/null")
	check.same(#lines(out), 2)
	out = run("execsnoop", "-x", "--json", "--", "/bin/sh", "-c", "exec /nonexistent/x 2>/dev/null")
	local list = records("execsnoop", out, "event")
	check.same(#list, 2)
	check.same(field(list[2], "ret"), -2)
	check.same(field(list[2], "args"), "/nonexistent/x")
end)

check.case("execsnoop with many and long arguments", function()
	local words = {}
	for i = 1, 40 do
		words[i] = tostring(i)
	end
	local out = run("execsnoop", "--", "true", table.unpack(words))
	assert(lines(out)[2]:find("0 /%S*/true 1 2 .* 19 %.%.%.$"), out)
	out = run("execsnoop", "--", "true", ("x"):rep(500))
	check.same(#lines(out)[2]:match("x+$"), 127)
end)

check.case("syscount counts exactly", function()
	local out, err, code = run("syscount", "--json", "--top", "400", "--", "perl", "-e", "getppid() for 1..1234")
	check.same({ err, code }, { "", 0 })
	local counts = {}
	for _, line in ipairs(records("syscount", out, "map")) do
		counts[field(line, "syscall")] = field(line, "count")
	end
	check.same(counts.getppid, 1234)
	assert(counts.execve >= 1 and counts.openat >= 1)
	check.same(field(records("syscount", out, "summary")[1], "lost"), 0)
end)

check.case("syscount's table", function()
	local out, err = run("syscount", "--top", "1", "--", "perl", "-e", "getppid() for 1..1234")
	check.same(err, "syscount: tracing; Ctrl-C ends\n")
	local rows = lines(out)
	assert(rows[1]:match("^%[%d%d:%d%d:%d%d%]$"), rows[1])
	check.same({ rows[2], rows[3], rows[4] },
		{ "SYSCALL                   COUNT", "getppid                    1234", nil })
end)

check.case("syscount: times, failures, processes", function()
	local work = { "--", "perl", "-e", 'select undef, undef, undef, 0.2; open F, "<", "/nonexistent/x" for 1..50' }
	local function first(...)
		local words = table.move(work, 1, #work, select("#", ...) + 1, { ... })
		return records("syscount", run("syscount", "--json", table.unpack(words)), "map")
	end
	local rows = first("-L")
	local slowest, ns = field(rows[1], "syscall"), field(rows[1], "time_ns")
	assert(slowest:find("select") or slowest:find("poll"), slowest)
	assert(ns >= 200000000 and ns < 2000000000, ns)
	rows = first("-e", "ENOENT")
	check.same(field(rows[1], "syscall"), "openat")
	assert(field(rows[1], "count") >= 50)
	check.same(field(first("-e", "2")[1], "syscall"), "openat")
	check.same(#first("-e", "EDEADLK"), 0)
	assert(field(first("-x")[1], "count") >= 50)
	rows = first("-P", "-x")
	check.same({ #rows, field(rows[1], "comm"), field(rows[1], "syscall") }, { 1, "perl", nil })
	local out = run("syscount", "-m", "--top", "1", table.unpack(work))
	assert(lines(out)[2]:find("SYSCALL +COUNT +TIME %(ms%)$") and lines(out)[3]:find(" [2-9]%d%d%.%d%d%d%d%d%d$"), out)
	out = run("syscount", "-L", "--top", "1", table.unpack(work))
	assert(lines(out)[2]:find("TIME %(us%)$") and lines(out)[3]:find(" [2-9]%d%d%d%d%d%.%d%d%d$"), out)
end)

check.case("syscount in intervals", function()
	local out, _, code = run("syscount", "--json", "1", "2", "--", "perl", "-e",
		'getppid() for 1..100; select undef, undef, undef, 1.3; getppid() for 1..50; sleep 9')
	check.same(code, 0)
	local counts = {}
	for _, line in ipairs(records("syscount", out, "map")) do
		if field(line, "syscall") == "getppid" then
			counts[#counts + 1] = field(line, "count")
		end
	end
	check.same(counts, { 100, 50 })
end)

check.case("syscount --list", function()
	local out, err, code = run("syscount", "-l")
	check.same({ err, code }, { "", 0 })
	assert(("\n" .. out):find("\ngetppid\n", 1, true))
end)

check.case("Ctrl-C ends with the summary, and quietly", function()
	for _, name in ipairs(names) do
		local script = command(name, "--json", "-p", "1") .. " & child=$!; sleep 0.7; kill -INT $child; wait $child"
		local out, err, code = check.run("bash -c " .. quote("set -m; " .. script))
		check.same(code, 0, name .. err)
		check.same(#records(name, out, "summary"), 1)
	end
end)

check.case("a reader that leaves", function()
	local script = command("opensnoop", "--", "perl", opener("/etc/hostname", 5000)) .. " | head -1; echo ${PIPESTATUS[0]}"
	local out, err = check.run("bash -c " .. quote(script))
	check.same(err, "")
	check.same(out:match("(%d+)\n$"), "0")
end)

check.case("a full disk is said", function()
	local _, err, code = check.run("sh -c " .. quote(command("opensnoop", "--", "cat", "/etc/hostname") .. " >/dev/full"))
	check.same(code, 1)
	assert(err:find("opensnoop: cannot write: No space left", 1, true), err)
end)

check.done()
