-- Every tool's declaration, and what is made of it. Needs no privileges: no tool runs.
local check = require "check"
local declare = require "declare"
local sys = require "bcc".sys
local tool = require "tool"

local MAX_LINES = 200

local dir = os.getenv("TOOLS")
local specs = {}

local function read(path)
	local file = assert(io.open(path))
	local text = file:read("a")
	file:close()
	return text
end

local names = {}
for _, file in ipairs(assert(sys.list_dir(dir))) do
	names[#names + 1] = file:match("^(.+)%.lua$")
end
table.sort(names)
assert(#names >= 3)

for _, name in ipairs(names) do
	check.case(name .. ": declaration", function()
		local path = ("%s/%s.lua"):format(dir, name)
		local text = read(path)
		local spec = tool.load(path)
		specs[#specs + 1] = spec
		check.same(spec.name, name)
		check.same(declare.faults(spec), {})
		check.same(text:match("^%-%- ([^\n]+)"), ("%s: %s."):format(name, spec.summary), "first line")
		local lines = select(2, text:gsub("\n", ""))
		assert(lines <= MAX_LINES, ("%d lines, %d are allowed"):format(lines, MAX_LINES))
		for line in text:gmatch("[^\n]+") do
			assert(#line:gsub("\t", "    ") <= 120, "longer than 120 columns: " .. line)
		end
	end)
end

local sections = { "NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "EXIT STATUS" }

check.case("manual pages", function()
	for _, spec in ipairs(specs) do
		local page = require "man".page(spec)
		assert(page:find("^%.TH " .. spec.name:upper() .. " 8 "), page)
		for _, section in ipairs(sections) do
			assert(page:find("\n.SH " .. section .. "\n", 1, true), spec.name .. ": " .. section)
		end
		-- A line that begins with a dot is a request: all are known ones.
		for request in ("\n" .. page):gmatch("\n([.'][^\n ]*)") do
			assert(request == ".TH" or request == ".SH" or request == ".TP" or request == ".PP", request)
		end
		for _, option in ipairs(spec.all_options) do
			if option[2] then
				assert(page:find(option[2]:gsub("%-", "\\-"), 1, true), option[2])
			end
		end
	end
end)

check.case("help", function()
	for _, spec in ipairs(specs) do
		local text = require "help".text(spec)
		for line in text:gmatch("[^\n]+") do
			assert(#line <= 110, line)
		end
		assert(text:find("usage: " .. spec.name, 1, true) and text:find("\nexamples:\n", 1, true))
	end
end)

check.case("the examples' options exist", function()
	local args = require "args"
	for _, spec in ipairs(specs) do
		for _, example in ipairs(spec.examples) do
			local words = {}
			for word in example[1]:gsub("'[^']*'", "text"):gmatch("%S+") do
				words[#words + 1] = word
			end
			table.remove(words, 1)
			for i, word in ipairs(words) do
				if word:find("^[|>]") then -- what a shell does with the output
					words = table.move(words, 1, i - 1, 1, {})
					break
				end
			end
			local ok, err = pcall(args.parse, spec.all_options, spec.all_positional, words)
			assert(ok, example[1] .. ": " .. tostring(type(err) == "table" and err.usage or err))
		end
	end
end)

check.case("faults are found", function()
	local function faults(spec)
		spec.name = spec.name or "t"
		spec.summary = spec.summary or "Do"
		spec.examples = spec.examples or { { "t", "x" }, { "t -x", "y" } }
		return table.concat(declare.faults(spec), "; ")
	end
	local function event() end
	local pid = { "PID", "pid", 7, "int" }
	check.same(faults { text = "", event = event, columns = { pid } }, "")
	check.same(faults { text = "", event = event, columns = { { "PID", "pid", 7 } } },
		"column pid has no type (int, float, string, bool, array)")
	check.same(faults { text = "", event = event, columns = { { "PID", "Pid", 7, "int" } } },
		"column PID: 'Pid' is no field name")
	check.same(faults { text = "", event = event, columns = { pid }, options = { { "-p", "--pages", help = "x" } } },
		"option -p is declared twice; option -p has one meaning in all tools")
	check.same(faults { text = "", event = event, columns = { pid }, options = { { "-x", "--xx" } } },
		"option --xx has no help")
	check.same(faults { text = "", event = event, columns = { pid }, examples = {} },
		"it has less than two examples")
	check.same(faults { text = "", columns = { pid } },
		"it has to have one of event, report, histogram, list")
	check.same(faults { text = "", report = event, columns = { pid }, sort = "-count" },
		"it is sorted by 'count', which is no column")
	check.same(faults { event = event, columns = { pid } }, "it has no text")
	check.same(faults { text = "", event = event, columns = { pid }, summary = "Do it." },
		"the summary is one phrase of at most 70 letters without a full stop")
end)

check.done()
