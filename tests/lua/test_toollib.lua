-- The layer that tools share: command lines, JSON, text for terminals. Needs no privileges.
local args = require "args"
local check = require "check"
local columns = require "columns"
local declare = require "declare"
local filter = require "filter"
local hist = require "hist"
local json = require "json"
local output = require "output"

local options = {
	{ "-p", "--pid", arg = "PID", type = "list", help = "" },
	{ "-d", "--duration", arg = "SEC", type = "number", help = "" },
	{ "-n", "--name", arg = "NAME", type = "string", help = "" },
	{ "-T", "--timestamp", arg = "MODE", type = "optional", choices = declare.clocks, help = "" },
	{ "-x", "--failed-only", help = "" },
	{ false, "--user", arg = "USER", type = "users", help = "" },
	{ false, "--top", arg = "N", type = "integer", help = "" },
	{ false, "--room", arg = "SIZE", type = "size", help = "" },
	{ false, "--only", arg = "WORD", type = "words", help = "" },
	{ false, "--lost", arg = "WHAT", type = "choice", choices = { "warn", "fail" }, help = "" },
}
local places = { { "interval", type = "number", help = "" }, { "count", type = "integer", help = "" } }

local function parse(...)
	return args.parse(options, places, { ... })
end

check.case("command lines", function()
	check.same(parse(), {})
	check.same(parse("-x"), { failed_only = true })
	check.same(parse("-xT", "-p1,2", "-p", "3"), { failed_only = true, timestamp = true, pid = { 1, 2, 3 } })
	check.same(parse("--pid=7", "--top", "5", "--duration=.5"), { pid = { 7 }, top = 5, duration = 0.5 })
	check.same(parse("-xT=abs"), { failed_only = true, timestamp = "abs" })
	check.same(parse("--timestamp=iso"), { timestamp = "iso" })
	check.same(parse("1", "-x", "10"), { interval = 1, count = 10, failed_only = true })
	check.same(parse("0.5").interval, 0.5)
	check.same(parse("--room", "64K").room, 65536)
	check.same(parse("--room=2m").room, 2097152)
	check.same(parse("--room=1G").room, 1073741824)
	check.same(parse("--user=root,7").user, { 0, 7 })
	check.same(parse("--only", "a,b", "--only=c").only, { "a", "b", "c" })
	check.same(parse("--lost=fail").lost, "fail")
	check.same(parse("-x", "--", "ls", "-x"), { failed_only = true, command = { "ls", "-x" } })
	check.same(parse("-n-x"), { name = "-x" })
end)

check.case("wrong command lines", function()
	local function bad(message, ...)
		local words = { ... }
		local ok, err = pcall(function() return parse(table.unpack(words)) end)
		check.same(ok, false)
		check.same(err, { usage = message })
	end
	bad("unknown option '-z'", "-z")
	bad("unknown option '--nope'", "--nope=5")
	bad("unknown option '--timestmap'; did you mean --timestamp?", "--timestmap")
	bad("unknown option '--dur'; did you mean --duration?", "--dur=5")
	bad("unknown option '" .. ("-"):rep(5000) .. "'", ("-"):rep(5000))
	bad("unknown option '-z'", "-xz")
	bad("option -p needs a value: PID", "-p")
	bad("option --pid needs a value: PID", "--pid")
	bad("option --failed-only takes no value", "--failed-only=1")
	bad("option -p: 'x' is not a whole number", "-p", "x")
	bad("option -p: '' is not a whole number", "-p", "1,")
	bad("option -p: '-1' is not a whole number", "-p-1")
	bad("option -p: '4294967296' is not a whole number", "-p", "4294967296")
	bad("option --pid: '' is not a whole number", "--pid=")
	bad("option --user: there is no user 'no such'", "--user=no such")
	bad("option --user: '7x' is not a whole number", "--user=7x")
	bad("option -d: '0' is not a number of seconds", "-d0")
	bad("option -d: '.' is not a number of seconds", "-d", ".")
	bad("option -d: '1e3' is not a number of seconds", "-d", "1e3")
	bad("option -n needs a text", "-n", "")
	bad("option -T needs a text", "-T=")
	bad("option --timestamp: 'x' is none of rel, abs, iso, ns", "--timestamp=x")
	bad("unexpected argument 'c'", "1", "2", "c")
	bad("a command is expected after '--'", "--")
	bad("interval: 'x' is not a number of seconds", "x")
	bad("count: '2.5' is not a whole number", "1", "2.5")
	bad("option --room: '5T' is not a size (65536, 64K, 4M)", "--room", "5T")
	bad("option --room: '0' is not a size (65536, 64K, 4M)", "--room=0")
	bad("option --room: '99999999999999999999' is not a size (65536, 64K, 4M)", "--room=99999999999999999999")
	bad("option --only needs a text", "--only=a,,b")
	bad("option --lost: 'x' is none of warn, fail", "--lost", "x")
end)

check.case("a positional argument that is needed", function()
	local needed = { { "pattern", type = "string", required = true, help = "what to count" } }
	local ok, err = pcall(args.complete, {}, needed)
	check.same({ ok, err }, { false, { usage = "PATTERN is missing: what to count" } })
	args.complete({ pattern = "x" }, needed)
end)

check.case("JSON", function()
	check.same(json.value("a\"b\\c\n\t\1\127"), '"a\\"b\\\\c\\n\\t\\u0001\\u007f"')
	check.same(json.value("grün €"), '"grün €"')
	check.same(json.value("\xff"), '{"b64":"/w=="}')
	check.same(json.base64("any carnal pleas"), "YW55IGNhcm5hbCBwbGVhcw==")
	check.same(json.base64("any carnal pleasu"), "YW55IGNhcm5hbCBwbGVhc3U=")
	check.same(json.base64("any carnal pleasur"), "YW55IGNhcm5hbCBwbGVhc3Vy")
	check.same(json.value(math.maxinteger), "9223372036854775807")
	check.same(json.value(-5), "-5")
	check.same(json.value(0.5), "0.5")
	check.same(json.value(0 / 0), "null")
	check.same(json.value(math.huge), "null")
	check.same(json.value(nil), "null")
	check.same(json.value { 1, "x", { true } }, '[1,"x",[true]]')
	check.same(json.object { "b", 1, "a", "x" }, '{"b":1,"a":"x"}')
end)

check.case("names cannot command the terminal", function()
	check.same(output.escape("plain ünï"), "plain ünï")
	check.same(output.escape("a\27[2Jb\nc\r"), "a\\x1b[2Jb\\x0ac\\x0d")
	check.same(output.escape("\xc2\x9b2J"), "\\xc2\\x9b2J")
	check.same(output.escape("caf\xe9\1"), "caf\\xe9\\x01")
	check.same(output.escape("\0"), "\\x00")
end)

check.case("filters", function()
	local own = "int f(void *ctx) { return tool_skip(); }\n"
	local text = filter.text({ pid = { 1, 2 }, uid = { 0 }, name = 'a"b' }, own)
	assert(text:find("return false ||\n\t       (pid != 1U && pid != 2U) ||\n\t       (uid != 0U);", 1, true), text)
	assert(text:find("(u8)comm[0] == 97 && (u8)comm[1] == 34 && (u8)comm[2] == 98", 1, true), text)
	-- What nobody asked for costs nothing.
	local none = filter.text({}, own)
	assert(not none:find("bpf_get_current", 1, true), none)
	assert(not text:find("bpf_get_current_task", 1, true) and not text:find("tid", 1, true), text)
	assert(not text:find("tool_family", 1, true) and not text:find("tool_skip_task", 1, true))
	-- The tool's lines keep their numbers.
	check.same(text:match("^([^\n]*)\n"):sub(-#own + 1), own:sub(1, -2))
	assert(filter.text({ command = { "x" } }, own):find("!tool_family.lookup(&pid)", 1, true))
	local all = filter.text({ name = ("x"):rep(40) }, own)
	assert(all:find("(u8)comm[14] == 120", 1, true) and not all:find("comm[15]", 1, true))
	assert(not filter.text({ name = "x" }, "int f(void) { return tool_skip_ids(); }"):find("== 120"))
	local task = filter.text({ cgroup_ids = { 7, 8 }, netns = 9 }, "tool_skip_task(t)")
	assert(task:find("if (id == 7ULL || id == 8ULL)", 1, true), task)
	assert(task:find("net_ns->ns.inum != 9U", 1, true) and not task:find("tool_skip_ids", 1, true))
end)

check.case("a text that begins with directives keeps its lines", function()
	local text = filter.text({}, "// own\n#include <a.h>\n\nint f(void) { return tool_skip(); }\n")
	local lines = {}
	for line in text:gmatch("[^\n]*") do
		lines[#lines + 1] = line
	end
	check.same({ lines[1], lines[2], lines[3] }, { "// own", "#include <a.h>", "" })
	assert(lines[4]:find("static bool tool_skip(void);", 1, true) and lines[4]:find("int f(void)", 1, true), lines[4])
end)

check.case("filters that name what is not there", function()
	for _, values in ipairs { { cgroup = { "/no/such" } }, { cgroup = { "/../proc" } },
		{ container = { "no-such-container" } }, { netns = "no-such" }, { mntns = "0" },
		{ pidns = "/etc/nothing" } } do
		local ok, err = pcall(filter.resolve, values)
		check.same({ ok, type(err), type(err.usage) }, { false, "table", "string" })
	end
	local values = { mntns = "4026531840" }
	filter.resolve(values)
	check.same(values, { mntns = 4026531840 })
end)

local some = {
	{ "PID", "pid", 7, "int" }, { "LAT(ms)", "lat_ns", 9, "int", format = "%.3f", scale = 1e6, right = true },
	{ "UID", "uid", 6, "int", wide = true }, { false, "flags", 0, "int" }, { "PATH", "path", 0, "string" },
}

local function chosen(options)
	local list, fields = columns.choose(some, options)
	local names = { {}, {} }
	for i, columns_of in ipairs { list, fields } do
		for j, column in ipairs(columns_of) do
			names[i][j] = i == 1 and column[1] or column[2]
		end
	end
	return table.concat(names[1], " ") .. " / " .. table.concat(names[2], " ")
end

check.case("columns", function()
	check.same(chosen {}, "PID LAT(ms) PATH / pid lat_ns uid flags path")
	check.same(chosen { format = "wide" }, "PID LAT(ms) UID PATH / pid lat_ns uid flags path")
	check.same(chosen { columns = { "path", "PID" } }, "PATH PID / path pid")
	check.same(chosen { columns = { "-lat_ns", "+flags" } }, "PID PATH FLAGS / pid uid flags path flags")
	check.same(columns.cell(some[2], { lat_ns = 1500000 }), "1.500")
	check.same(columns.cell(some[2], {}), "-")
	check.same(columns.pad("ü", 3) .. "|" .. columns.pad("ab", 4, true) .. "|" .. columns.pad("abc", 2),
		"ü  |  ab|abc")
	for _, words in ipairs { { "nope" }, { "-nope" }, { "-pid", "-path", "-lat_ns", "-flags", "-uid" } } do
		check.same(select(2, pcall(columns.choose, some, { columns = words })).usage ~= nil, true)
	end
end)

check.case("CSV", function()
	local csv = require "csv"
	check.same(csv.line({ 1, 'a"b', "x,y", nil, "l\nm", 0.5, { 1, 2 }, -3 }, 8),
		'1,"a""b","x,y",,"l\nm",0.5,1 2,-3\n')
	check.same(csv.value(0 / 0), "")
end)

check.case("histograms", function()
	check.same(hist.text({}, "usecs"), "")
	check.same(hist.text({ [1] = 2, [3] = 4 }, "usecs"),
		"     usecs               : count     distribution\n" ..
		"         0 -> 1          : 2        |********************                    |\n" ..
		"         2 -> 3          : 0        |                                        |\n" ..
		"         4 -> 7          : 4        |****************************************|\n")
	check.same(hist.text({ [0] = 1, [1] = 3 }, "n", true),
		"     n             : count     distribution\n" ..
		"        0          : 1        |*************                           |\n" ..
		"        1          : 3        |****************************************|\n")
	local buckets, count = hist.buckets { [2] = 1, [4] = 5 }
	check.same(buckets, { { lo = 2, hi = 3, count = 1 }, { lo = 4, hi = 7, count = 0 },
		{ lo = 8, hi = 15, count = 5 } })
	check.same(count, 6)
	check.same(hist.buckets({ [2] = 1 }, true, 200), { { lo = 400, hi = 599, count = 1 } })
	check.same({ hist.bounds(64) }, { math.mininteger, -1 }) -- 2^63 and 2^64 - 1, wrapped
end)

check.case("near names", function()
	local near = require "near"
	check.same(near.best("--timestmap", { "--json", "--timestamp" }), "--timestamp")
	check.same(near.best("zzzzzz", { "--json", "--timestamp" }), nil)
	check.same(near.best("", { "a" }), nil)
	check.same(near.best(("x"):rep(100000), { "xx" }), nil)
end)

check.case("addresses", function()
	local tcp = require "tcp"
	local function again(text)
		local family, bytes = tcp.parse(text)
		check.same(#bytes, family == "AF_INET" and 4 or 16)
		return tcp.address(family == "AF_INET" and 2 or 10, bytes)
	end
	for _, text in ipairs { "127.0.0.1", "255.0.255.0", "::", "::1", "1::", "fe80::1:2", "1:2:3:4:5:6:7:8",
		"1:0:0:2::3", "1::2:0:0:3:4", "1:2:3:4:5:6:0:8", "::ffff:0:0:1" } do
		check.same(again(text), text)
	end
	check.same(again("1:0:0:2:0:0:0:3"), "1:0:0:2::3")
	check.same(again("0:0:0:0:0:FFFF:0102:0304"), "::ffff:1.2.3.4")
	for _, text in ipairs { "", "1.2.3", "1.2.3.256", "1:2:3", ":::", "::1::", "1:2:3:4:5:6:7:8:9",
		"1:2:3:4:5:6:7::8", "12345::", "g::", ":1" } do
		local ok, err = pcall(tcp.parse, text)
		check.same({ ok, err }, { false, { usage = "'" .. text .. "' is no address" } })
	end
end)

check.case("what was added", function()
	local now = { a = 1, b = { n = 2, name = "x" } }
	local source = { deleted = {} }
	function source:kind() return "hash" end
	function source:items() return pairs(now) end
	function source:delete(key) self.deleted[key], now[key] = true, nil end
	local function all(iterate)
		local list = {}
		for key, value in iterate(source) do
			list[key] = value
		end
		return list
	end
	local keep, forget = require "delta".new(), require "delta".new { forget = true }
	check.same(all(keep), now)
	check.same(all(forget), now)
	now.a, now.b = 5, { n = 2, name = "x" }
	check.same(all(keep), { a = 4 })
	check.same(source.deleted, {})
	check.same(all(forget), { a = 4 })
	check.same(source.deleted, { b = true })
	now.b = { n = 1, name = "y" }
	check.same(all(forget), { b = { n = 1, name = "y" } })
	check.same(now, { b = { n = 1, name = "y" } })
end)

check.done()
