-- Command lines. An option is a list { "-p", "--pid", arg = "PID", type = "list", help = "..." };
-- either spelling may be false. Its value is found under the long name with "_" for "-" (or under
-- key):
--	no arg     true when given
--	integer    a whole number, not negative        number    seconds, may have a fraction
--	list       whole numbers: "1,2", or the option several times; users: also names of users
--	words      texts in the same way               size      bytes: 65536, 64K, 4M, 1G
--	string     text                                optional  text after "=", else true
--	errno      the number or the name of an error  choice    one of choices
-- Positional arguments are { "name", type =, required =, help = }, in their order.
-- Returns the values; raises { usage = "what is wrong" }.
local sys = require "bcc".sys

local args = {}

local function fail(...)
	error({ usage = string.format(...) }, 0)
end

function args.key(option)
	return option.key or (option[2] or option[1]):gsub("^%-+", ""):gsub("%-", "_")
end

local function whole(text, what)
	local n = text:match("^%d+$") and math.tointeger(tonumber(text))
	if not n or n >= 1 << 32 then
		fail("%s: '%s' is not a whole number", what, text)
	end
	return n
end

local read = {}

read.integer = whole

function read.number(text, what)
	local n = text:match("^%d*%.?%d*$") and tonumber(text)
	if not n or n <= 0 or n > 1e9 then
		fail("%s: '%s' is not a number of seconds", what, text)
	end
	return n
end

function read.size(text, what)
	local digits, unit = text:match("^(%d+)([KMGkmg]?)$")
	local shift = { [""] = 0, K = 10, M = 20, G = 30 }
	local n = digits and math.tointeger(tonumber(digits))
	if not n or n == 0 or n >= 1 << 32 then
		fail("%s: '%s' is not a size (65536, 64K, 4M)", what, text)
	end
	return n << shift[unit:upper()]
end

function read.errno(text, what)
	for number = 1, 4095 do
		if sys.errno_name(number) == text then
			return number
		end
	end
	if not text:match("^%d+$") then
		fail("%s: there is no error '%s'", what, text)
	end
	return whole(text, what)
end

function read.string(text, what)
	if text == "" then
		fail("%s needs a text", what)
	end
	return text
end

local function each(read_item)
	return function(text, what, old)
		local list = old or {}
		for item in (text .. ","):gmatch("([^,]*),") do
			list[#list + 1] = read_item(item, what)
		end
		return list
	end
end

read.list = each(whole)
read.users = each(function(text, what)
	if text:find("^%d") then
		return whole(text, what)
	end
	return require "names".uid(text) or fail("%s: there is no user '%s'", what, text)
end)
read.words = each(read.string)
read.optional = read.string
read.choice = read.string

local function check_choice(choices, text, what)
	for _, choice in ipairs(choices) do
		if choice == text then
			return
		end
	end
	fail("%s: '%s' is none of %s", what, text, table.concat(choices, ", "))
end

local function set(values, option, name, text)
	local key, what = args.key(option), "option " .. name
	values[key] = option.arg and text and read[option.type](text, what, values[key]) or true
	if option.choices and text then
		check_choice(option.choices, text, what)
	end
end

local function unknown(known, name)
	local names = {}
	for spelling in pairs(known) do
		names[#names + 1] = spelling
	end
	table.sort(names)
	local likely = #name > 2 and require "near".best(name, names)
	fail("unknown option '%s'%s", name, likely and "; did you mean " .. likely .. "?" or "")
end

-- One word that begins with "--"; returns how many of the following words it took.
local function long_option(values, known, word, following)
	local name, text = word:match("^(%-%-[^=]*)=?(.*)$")
	local option = known[name] or unknown(known, name)
	local joined = word:find("=", 1, true)
	if joined and not option.arg then
		fail("option %s takes no value", name)
	end
	if joined or not option.arg or option.type == "optional" then
		set(values, option, name, joined and text)
		return 0
	elseif not following then
		fail("option %s needs a value: %s", name, option.arg)
	end
	set(values, option, name, following)
	return 1
end

-- "-x", "-xT", "-T=abs", "-p12", "-p 12".
local function short_options(values, known, word, following)
	for i = 2, #word do
		local name = "-" .. word:sub(i, i)
		local option = known[name] or unknown(known, name)
		if option.type == "optional" and word:sub(i + 1, i + 1) == "=" then
			set(values, option, name, word:sub(i + 2))
			return 0
		elseif option.arg and option.type ~= "optional" then
			local text = word:sub(i + 1)
			if text == "" and not following then
				fail("option %s needs a value: %s", name, option.arg)
			end
			set(values, option, name, text ~= "" and text or following)
			return text == "" and 1 or 0
		end
		set(values, option, name)
	end
	return 0
end

local function command_of(argv, i)
	local command = table.move(argv, i + 1, #argv, 1, {})
	if #command == 0 then
		fail("a command is expected after '--'")
	end
	return command
end

-- What comes after "--" is under "command".
function args.parse(options, positional, argv)
	local values, known, given, i = {}, {}, 0, 1
	for _, option in ipairs(options) do
		known[option[1] or option[2]] = option
		known[option[2] or option[1]] = option
	end
	while i <= #argv do
		local word, following = argv[i], argv[i + 1]
		if word == "--" then
			values.command = command_of(argv, i)
			break
		elseif word:match("^%-%-") then
			i = i + long_option(values, known, word, following)
		elseif word:match("^%-.") then
			i = i + short_options(values, known, word, following)
		else
			given = given + 1
			local place = positional[given] or fail("unexpected argument '%s'", word)
			values[place.key or place[1]] = read[place.type](word, place[1])
		end
		i = i + 1
	end
	return values
end

-- Raises when a positional argument that must be there is not.
function args.complete(values, positional)
	for _, place in ipairs(positional) do
		if place.required and values[place.key or place[1]] == nil then
			fail("%s is missing: %s", place[1]:upper(), place.help)
		end
	end
end

return args
