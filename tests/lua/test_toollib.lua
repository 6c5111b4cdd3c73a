-- The layer that tools share: command lines, JSON, text for terminals. Needs no privileges.
local args = require "args"
local check = require "check"
local filter = require "filter"
local json = require "json"
local output = require "output"

local options = {
	{ "-p", "--pid", arg = "PID", type = "list", help = "" },
	{ "-d", "--duration", arg = "SEC", type = "number", help = "" },
	{ "-n", "--name", arg = "NAME", type = "string", help = "" },
	{ "-T", "--timestamp", arg = "MODE", type = "optional", choices = output.clocks, help = "" },
	{ "-x", "--failed-only", help = "" },
	{ false, "--top", arg = "N", type = "integer", help = "" },
}

local function parse(...)
	return args.parse(options, { "interval", "count" }, { ... })
end

check.case("command lines", function()
	check.same(parse(), {})
	check.same(parse("-x"), { failed_only = true })
	check.same(parse("-xT", "-p1,2", "-p", "3"), { failed_only = true, timestamp = true, pid = { 1, 2, 3 } })
	check.same(parse("--pid=7", "--top", "5", "--duration=.5"), { pid = { 7 }, top = 5, duration = 0.5 })
	check.same(parse("--timestamp=iso"), { timestamp = "iso" })
	check.same(parse("1", "-x", "10"), { interval = 1, count = 10, failed_only = true })
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
	bad("unknown option '-z'", "-xz")
	bad("option -p needs a value: PID", "-p")
	bad("option --pid needs a value: PID", "--pid")
	bad("option --failed-only takes no value", "--failed-only=1")
	bad("option -p: 'x' is not a whole number", "-p", "x")
	bad("option -p: '' is not a whole number", "-p", "1,")
	bad("option -p: '-1' is not a whole number", "-p-1")
	bad("option -p: '4294967296' is not a whole number", "-p", "4294967296")
	bad("option --pid: '' is not a whole number", "--pid=")
	bad("option -d: '0' is not a number of seconds", "-d0")
	bad("option -d: '.' is not a number of seconds", "-d", ".")
	bad("option -d: '1e3' is not a number of seconds", "-d", "1e3")
	bad("option -n needs a text", "-n", "")
	bad("option --timestamp: 'x' is none of rel, abs, iso, ns", "--timestamp=x")
	bad("unexpected argument 'c'", "1", "2", "c")
	bad("a command is expected after '--'", "--")
	bad("interval: 'x' is not a whole number", "x")
end)

check.case("help", function()
	local text = args.help({ name = "n", summary = "Do it", examples = { { "n -x", "why" } } }, options,
		{ "interval", "count" })
	assert(text:find("usage: n [option...] [interval [count]] [-- command...]", 1, true), text)
	assert(text:find("--timestamp[=MODE]", 1, true) and text:find("# why", 1, true))
	assert(text:find("\n      --top N", 1, true))
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
	local text = filter.text({ pid = { 1, 2 }, uid = { 0 }, name = 'a"b' }, "own\n")
	assert(text:find("return false || (pid != 1U && pid != 2U) || (uid != 0U);", 1, true), text)
	assert(text:find("(u8)comm[0] == 97 && (u8)comm[1] == 34 && (u8)comm[2] == 98", 1, true), text)
	assert(not text:find("tool_family", 1, true))
	assert(text:match("^[^\n]*own\n"))
	assert(filter.text({ command = { "x" } }, ""):find("!tool_family.lookup(&pid)", 1, true))
	local all = filter.text({ name = ("x"):rep(40) }, "")
	assert(all:find("(u8)comm[14] == 120", 1, true) and not all:find("comm[15]", 1, true))
end)

check.done()
