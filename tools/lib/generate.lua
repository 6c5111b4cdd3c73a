-- What bpfcc writes about all tools; run by the command as a script:
--	completion SHELL DIRECTORY [COMMAND SUMMARY HELP]...    completion of the tools there
-- The commands' options are read from their help.
local completion = require "completion"
local sys = require "bcc".sys
local tool = require "tool"

local function load_tools(dir)
	local specs = {}
	for _, file in ipairs(assert(sys.list_dir(dir))) do
		if file:find("^%w[%w_-]*%.lua$") then
			specs[#specs + 1] = tool.load(dir .. "/" .. file)
		end
	end
	table.sort(specs, function(a, b) return a.name < b.name end)
	return specs
end

-- "  -d, --duration SECONDS  end after this time"
local function options_of(help)
	local list = {}
	for line in help:gmatch("[^\n]+") do
		local short, rest = line:match("^  (%-%a), (.*)$")
		local long, arg = (rest or line):match("^ *(%-%-[%w-]+) ?(%u*)")
		if rest and not long then
			arg = rest:match("(%u+)")
		end
		if short or long then
			list[#list + 1] = { short or false, long or false, help = line:match("%S  +(%S.*)$") or "",
				arg = arg and arg ~= "" and arg or nil, type = "string" }
		end
	end
	return list
end

local what, shell, dir = table.unpack(arg, 1, 3)
assert(what == "completion" and completion[shell])
local commands = {}
for i = 4, #arg, 3 do
	commands[#commands + 1] = { name = arg[i], summary = arg[i + 1], options = options_of(arg[i + 2]) }
end
io.write(completion.text(shell, load_tools(dir), commands))
