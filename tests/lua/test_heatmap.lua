-- Heat maps in both character sets and with colors. Needs no privileges.
local check = require "check"
local heatmap = require "heatmap"

local function map(utf8, color, intervals, linear)
	local written = {}
	local m = heatmap.new { color = color, terminal = false, escape = function(text) return text end,
		write = function(_, text) written[#written + 1] = text end }
	m.utf8 = utf8
	for _, groups in ipairs(intervals) do
		m:add(groups, { unit = "usecs", linear = linear, step = linear })
	end
	m:finish()
	return table.concat(written)
end

local function group(slots, heading)
	return { heading = heading or "", slots = slots }
end

local some = { { group { [2] = 1, [3] = 100 } }, {}, { group { [3] = 10, [5] = 1 } } }

check.case("ASCII", function()
	check.same(map(false, false, some),
		"                   usecs : distribution over 3 intervals\n" ..
		"                16 -> 31 |  .|\n" ..
		"                 8 -> 15 |   |\n" ..
		"                  4 -> 7 |@ +|\n" ..
		"                  2 -> 3 |.  |\n" ..
		"                          1 .:-=+*#%@ 100 per interval\n")
end)

check.case("UTF-8", function()
	check.same(map(true, false, some),
		"                   usecs : distribution over 3 intervals\n" ..
		"                16 -> 31 |  ░|\n" ..
		"                 8 -> 15 |   |\n" ..
		"                  4 -> 7 |█ ▓|\n" ..
		"                  2 -> 3 |░  |\n" ..
		"                          1 ░▒▓█ 100 per interval\n")
end)

check.case("colors need UTF-8 terminals", function()
	local text = map(true, true, some)
	assert(text:find("4 -> 7 |\27[48;5;226m \27[0m \27[48;5;163m \27[0m|\n", 1, true), text)
	assert(not map(false, true, some):find("\27", 1, true))
end)

check.case("several keys, linear slots, wide maps", function()
	local text = map(false, false, { { group({ [1] = 1 }, "disk = sda"), group({ [1] = 1 }, "disk = sdb") } })
	assert(text:find("^disk = sda\n.*\n\ndisk = sdb\n"), text)
	assert(map(false, false, { { group { [2] = 1 } } }, 200):find("                     400 |@|\n", 1, true))
	local many = {}
	for i = 1, 300 do
		many[i] = { group { [1] = i > 200 and 1 or 0 } }
	end
	text = map(false, false, many)
	check.same(#text:match("|([^|\n]*)|"), 73)
	check.same(map(false, false, {}), "")
	-- Nothing was counted: no bucket, but it is said.
	assert(map(false, false, { {}, {} }) == "")
end)

check.case("the locale decides", function()
	local function with(env)
		return heatmap.is_utf8(function(name) return env[name] end)
	end
	check.same({ with { LANG = "C.UTF-8" }, with { LANG = "en_US.utf8" }, with { LANG = "C" }, with {} },
		{ true, true, false, false })
	check.same({ with { LC_ALL = "C", LANG = "C.UTF-8" }, with { LC_ALL = "", LC_CTYPE = "C.UTF-8" } },
		{ false, true })
end)

check.done()
