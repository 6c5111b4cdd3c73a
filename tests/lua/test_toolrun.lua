-- How tools run: hooks with alternatives, histograms, formats, ends and exit codes, with two tools
-- of the tests' own (tool_fixtures).
local check = require "check"

check.need_bpf()

local here = arg[0]:match("^(.*)/[^/]*$") or "."

local function quote(text)
	return "'" .. text:gsub("'", "'\\''") .. "'"
end

local function command(name, ...)
	local words = { os.getenv("LUA"), ("%s/tool_fixtures/%s.lua"):format(here, name) }
	for _, word in ipairs { ... } do
		words[#words + 1] = quote(word)
	end
	return table.concat(words, " ")
end

local function run(name, ...)
	return check.run(command(name, ...))
end

local function hooks(case, ...)
	return check.run("HOOKS_CASE=" .. case .. " " .. command("hooks", ...))
end

local function calls(n)
	return "--", "perl", "-e", ("getppid() for 1..%d"):format(n)
end

check.case("the first alternative that works is taken", function()
	for _, case in ipairs { "second", "late", "refused", "condition", "option" } do
		local out, err, code = hooks(case, "--dry-run")
		check.same({ err, code }, { "", 0 }, case)
		assert(out:find("^tracepoint:syscalls:sys_enter_getppid +on_call +perf [%w ]+\n$"), case .. out)
	end
	for _, case in ipairs { "second", "late", "refused", "condition" } do
		local out = hooks(case, "--format", "csv", calls(1))
		assert(out:find("^ts,pid,first\n%d+,%d+,0\n$"), case .. out)
	end
end)

check.case("hooks that are missing", function()
	local missing = "this kernel has no kprobe:no_such_function_at_all: no second look"
	local gone = "this kernel has no uprobe:/nonexistent/file:main: going on without it"
	local out, err, code = hooks("optional", "--json", calls(1))
	check.same({ err, code }, { ("hooks: %s\nhooks: %s\n"):format(missing, gone), 0 })
	assert(out:find('"type":"warn","message":"' .. missing, 1, true), out)
	assert(out:find('"type":"event"', 1, true), out)
	out, err, code = hooks("needed")
	check.same({ out, err, code }, { "", "hooks: this kernel has no tracepoint:none:such | " ..
		"kprobe:no_such_function_at_all, which is needed\n", 4 })
	out, err, code = hooks("last")
	check.same({ out, code }, { "", 4 })
	assert(err:find("/nonexistent/file", 1, true), err)
end)

check.case("counts, columns, files", function()
	local out, err, code = hooks("second", "-c", "3", "--columns", "first", calls(10))
	check.same({ out, err, code }, { "FIRST\n0\n0\n0\n", "", 0 })
	local path = os.tmpname()
	out, err, code = hooks("second", "-o", path, "--json", "--columns=-pid", calls(2))
	check.same({ out, err, code }, { "", "", 0 })
	local file = io.open(path)
	local text = file:read("a"):gsub('"ts":%d+', '"ts":0')
	file:close()
	os.remove(path)
	local event = '{"v":1,"tool":"hooks","ts":0,"type":"event","first":0}\n'
	check.same(text, event .. event .. '{"v":1,"tool":"hooks","ts":0,"type":"summary","records":2,"lost":0}\n')
	_, err, code = hooks("second", "-o", "/nonexistent/dir/file")
	check.same({ err, code }, { "hooks: cannot write /nonexistent/dir/file: No such file or directory\n", 1 })
	_, err, code = hooks("second", "-o", "/dev/full", calls(2))
	check.same({ err, code }, { "hooks: cannot write: No space left on device\n", 1 })
end)

check.case("colors", function()
	local bold = "\27[1mPID    \27[0m \27[1mFIRST\27[0m\n"
	check.same(hooks("second", "--color", "always", calls(0)), bold)
	check.same(hooks("second", calls(0)), "PID     FIRST\n")
	local on_terminal = "script -qec %s /dev/null </dev/null | tr -d '\\r'"
	local line = command("hooks", calls(0))
	check.same(check.run(on_terminal:format(quote("TERM=xterm NO_COLOR= HOOKS_CASE=second " .. line))), bold)
	check.same(check.run(on_terminal:format(quote("TERM=xterm NO_COLOR=1 HOOKS_CASE=second " .. line))),
		"PID     FIRST\n")
end)

check.case("what is emitted", function()
	local out, err, code = hooks("late", "--emit", "c", "-p", "7", "--buffer", "20K")
	check.same({ err, code }, { "", 0 })
	assert(out:find("^#define FIRST 1\n#define TOOL_PAGES 8\n") and out:find("pid != 7U", 1, true), out)
	out, err, code = hooks("second", "--emit", "rewritten")
	check.same({ err, code }, { "", 0 })
	assert(out:find("ringbuf_output(&events", 1, true), out)
	out, err, code = hooks("second", "--emit", "elf")
	check.same({ err, code, out:sub(1, 4) }, { "", 0, "\127ELF" })
end)

check.case("lost events", function()
	-- A page for 200,000 records of 8 bytes and their heads.
	local out, err, code = hooks("second", "--buffer", "4K", "--lost", "fail", "--json", calls(200000))
	check.same({ err, code }, { "", 6 })
	local sum = 0
	for n in out:gmatch('"type":"lost","count":(%d+)') do
		sum = sum + n
	end
	assert(sum > 0, "nothing was lost")
	out, err, code = hooks("second", "--buffer", "4K", "--lost", "count", calls(200000))
	check.same(code, 0)
	local total = tonumber(err:match("^hooks: (%d+) events were lost in all\n$"))
	local seen = select(2, out:gsub("\n", "")) - 1
	check.same(total + seen, 200000)
	_, err = hooks("second", "--buffer", "4K", calls(200000))
	assert(err:find("^hooks: lost %d+ events\n") and err:find("in all\n$"), err)
end)

check.case("filters by cgroup and namespace", function()
	local function seen(...)
		local words = table.pack(...)
		local out, err, code = hooks("second", "--format", "csv", table.unpack(words, 1, words.n))
		check.same({ err, code }, { "", 0 })
		return select(2, out:gsub("\n", "")) - 1
	end
	for _, space in ipairs { "pid", "net", "mnt" } do
		check.same(seen("--" .. space .. "ns", "/proc/self/ns/" .. space, calls(3)), 3, space)
		check.same(seen("--" .. space .. "ns", "4294967295", calls(3)), 0, space)
	end
	local unshared = { "--", "unshare", "--net", "--mount", "perl", "-e", "getppid() for 1..3" }
	check.same(seen("--netns", "/proc/self/ns/net", table.unpack(unshared)), 0)
	check.same(seen("--mntns", "/proc/self/ns/mnt", table.unpack(unshared)), 0)
	local root = require "cgroup".root()
	check.same(seen("--cgroup", root, calls(3)), 3)
	check.same(seen("--cgroup", "/", calls(3)), 3)
	local own = ("%s/bpfcc-test-%d"):format(root, require "bcc".sys.getpid())
	if not os.execute("mkdir -p " .. own .. "/below 2>/dev/null") then
		return
	end
	check.same(seen("--cgroup", own, calls(3)), 0)
	-- Below it counts, too; the shell goes into it before it becomes the program.
	check.same(seen("--cgroup", own, "--", "sh", "-c",
		("echo $$ > %s/below/cgroup.procs; exec perl -e 'getppid() for 1..3'"):format(own)), 3)
	os.execute(("rmdir %s/below %s"):format(own, own))
end)

check.case("filters of another task", function()
	local function woken(...)
		local words = { "--json", ... }
		words = table.move({ "--", "sh", "-c", "sleep 0.1; sleep 0.1" }, 1, 4, #words + 1, words)
		local out, err, code = run("tasks", table.unpack(words))
		check.same({ err, code }, { "", 0 })
		-- Until the command is run its process has our interpreter's name.
		local lua = os.getenv("LUA"):match("[^/]*$")
		local sleeps, others = 0, 0
		for comm in out:gmatch('"comm":"([^"]*)"') do
			sleeps = sleeps + (comm == "sleep" and 1 or 0)
			others = others + (comm ~= "sleep" and comm ~= "sh" and comm ~= lua and 1 or 0)
		end
		check.same(others, 0, out)
		return sleeps
	end
	-- Each is woken by the clock.
	assert(woken() >= 2)
	assert(woken("-n", "slee", "-u", "0", "--mntns", "/proc/self/ns/mnt", "--cgroup", "/") >= 2)
	check.same(woken("-n", "nope"), 0)
	check.same(woken("-u", "4242"), 0)
	check.same(woken("-p", "1"), 0)
	check.same(woken("-t", "1"), 0)
	check.same(woken("--netns", "4294967295"), 0)
end)

check.case("histograms", function()
	local picture = "     calls               : count     distribution\n" ..
		"         0 -> 1          : 1        |*************                           |\n" ..
		"         2 -> 3          : 2        |**************************              |\n" ..
		"         4 -> 7          : 3        |****************************************|\n"
	local out, err, code = run("hists", calls(6))
	check.same({ err, code }, { "hists: tracing; Ctrl-C ends\n", 0 })
	check.same(out:gsub("pid = %d+", "pid = N"), "\npid = N\n" .. picture)
	check.same(run("hists", "-F", calls(6)), picture)
	out = run("hists", "--json", calls(6)):gsub('"ts":%d+', '"ts":0'):gsub('"pid":%d+', '"pid":1')
	check.same(out:match("^[^\n]*"), '{"v":1,"tool":"hists","ts":0,"type":"hist","unit":"calls","pid":1,' ..
		'"count":6,"buckets":[{"lo":0,"hi":1,"count":1},{"lo":2,"hi":3,"count":2},{"lo":4,"hi":7,"count":3}]}')
	out = run("hists", "--format", "csv", calls(3)):gsub("%d%d%d%d%d%d+", "T"):gsub(",%d+(,%d,%d,%d\n)", ",P%1")
	check.same(out, "ts,pid,lo,hi,count\nT,P,0,1,1\nT,P,2,3,2\n")
end)

check.case("the picture is the library's", function()
	local bcc = require "bcc"
	local hist = require "hist"
	local b <close> = bcc.BPF:new { text = "BPF_HISTOGRAM(h); BPF_HISTOGRAM(l);", attach = false }
	for _, slots in ipairs { { [1] = 3, [4] = 7 }, { [0] = 2, [1] = 1, [2] = 99 }, { [40] = 12345678901, [3] = 1 },
		{ [32] = 5 }, { [33] = 5, [63] = 1 }, { [63] = 1 }, { [0] = 4 } } do
		for _, name in ipairs { "h", "l" } do
			local t = b:get_table(name)
			t:clear()
			for slot, count in pairs(slots) do
				t:set(slot, count)
			end
			check.same(hist.text(slots, "value", name == "l"),
				name == "h" and t:log2_hist() or t:linear_hist())
		end
	end
end)

check.case("histograms in intervals, and as a map", function()
	-- Each burst is in the middle of its interval, so that a slow start does not move it out.
	local work = { "--", "perl", "-e",
		"sub nap { select undef, undef, undef, shift } " ..
		"nap 0.5; getppid() for 1..3; nap 2.3; getppid() for 1..4; nap 9" }
	local out = run("hists", "-F", "--json", "2", "2", table.unpack(work))
	local counts = {}
	for n in out:gmatch('"unit":"calls","count":(%d+)') do
		counts[#counts + 1] = n
	end
	check.same(counts, { "3", "4" })
	out = check.run("LC_ALL=C " .. command("hists", "-F", "--heatmap", "2", "2", table.unpack(work)))
	check.same(out, "                   calls : distribution over 2 intervals\n" ..
		"                  4 -> 7 | @|\n                  2 -> 3 |+ |\n                  0 -> 1 |. |\n" ..
		"                          1 .+#@ 4 per interval\n")
	out = run("hists", "-F", "-l", "-T=abs", "-i", "2", "-c", "1", table.unpack(work))
	assert(out:find("^%d%d:%d%d:%d%d\n     calls         : count     distribution\n        0          : 0"), out)
end)

check.case("what cannot be is said at once", function()
	local out, err, code = hooks("second", "--", "/nonexistent")
	check.same({ out, err, code }, { "", "hooks: cannot run /nonexistent: No such file or directory\n", 1 })
	_, err, code = hooks("second", "--columns", "third")
	assert(code == 2 and err:find("there is no column 'third'; there are pid, first\n", 1, true), err)
	_, err, code = hooks("second", "-p", "99999999,1", "-t", "99999998", "-d", "0.1")
	check.same({ err, code }, { "hooks: there is no process 99999999\nhooks: there is no thread 99999998\n", 0 })
	out = hooks("second", "-p", "99999999", "-d", "0.1", "--json")
	assert(out:find('"type":"warn","message":"there is no process 99999999"', 1, true), out)
	_, err, code = check.run(command("hists", "--sort", "nothing", "-F", "1", "1"))
	assert(code == 2, err)
end)

check.case("signals", function()
	for _, signal in ipairs { "INT", "TERM" } do
		local script = command("hists", "--json", "-F", "-p", "$$") .. " & tool=$!; sleep 1.5; kill -" ..
			signal .. " $tool; wait $tool; echo \"exit $?\""
		local out = check.run("bash -c " .. quote("set -m; " .. script:gsub("'%$%$'", "$$")))
		assert(out:find('"type":"summary".-\nexit 0\n$'), out)
	end
end)

check.done()
