-- Command lines. An option is a list { "-p", "--pid", arg = "PID", type = "list", help = "..." };
-- either spelling may be false. Its value is found under the long name with "_" for "-":
--	no arg     true when given
--	integer    a whole number, not negative        number    seconds, may have a fraction
--	list       whole numbers: "1,2", or the option several times
--	string     text                                optional  text after "=", else true
--	errno      the number or the name of an error
-- Returns the values; raises { usage = "what is wrong" }.
local sys = require "bcc".sys

local args = {}

local function fail(...)
	error({ usage = string.format(...) }, 0)
end

local function key_of(option)
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

function read.list(text, what, old)
	local list = old or {}
	for item in (text .. ","):gmatch("([^,]*),") do
		list[#list + 1] = whole(item, what)
	end
	return list
end

function read.string(text, what)
	if text == "" then
		fail("%s needs a text", what)
	end
	return text
end

read.optional = read.string

local function set(values, option, name, text)
	local key, what, choices = key_of(option), "option " .. name, option.choices
	values[key] = option.arg and text and read[option.type](text, what, values[key]) or true
	if choices and text and not choices[text] then
		fail("%s: '%s' is none of %s", what, text, table.concat(choices, ", "))
	end
end

-- One word that begins with "--"; returns how many of the following words it took.
local function long_option(values, known, word, following)
	local name, text = word:match("^(%-%-[^=]*)=?(.*)$")
	local option = known[name]
	if not option then
		fail("unknown option '%s'", name)
	end
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

-- "-x", "-xT", "-p12", "-p 12".
local function short_options(values, known, word, following)
	for i = 2, #word do
		local name = "-" .. word:sub(i, i)
		local option = known[name]
		if not option then
			fail("unknown option '%s'", name)
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

-- positional: names of the numbers that may follow the options. What comes after "--" is under
-- "command".
function args.parse(options, positional, argv)
	local values, known, given, i = {}, {}, 0, 1
	for _, option in ipairs(options) do
		known[option[1] or option[2]] = option
		known[option[2] or option[1]] = option
	end
	while i <= #argv do
		local word, following = argv[i], argv[i + 1]
		if word == "--" then
			values.command = table.move(argv, i + 1, #argv, 1, {})
			if #values.command == 0 then
				fail("a command is expected after '--'")
			end
			break
		elseif word:match("^%-%-") then
			i = i + long_option(values, known, word, following)
		elseif word:match("^%-.") then
			i = i + short_options(values, known, word, following)
		else
			given = given + 1
			if not positional[given] then
				fail("unexpected argument '%s'", word)
			end
			values[positional[given]] = whole(word, positional[given])
		end
		i = i + 1
	end
	return values
end

local function spelling(option)
	local short, long, arg = option[1], option[2], option.arg
	local text = (short or "   ") .. (short and long and ", " or " ") .. (long or "")
	if arg and option.type == "optional" then
		return text .. "[=" .. arg .. "]"
	end
	return arg and text .. " " .. arg or text
end

function args.help(spec, options, positional)
	local out, width = {}, 0
	local function line(...)
		out[#out + 1] = string.format(...)
	end
	local places = ""
	for i = #positional, 1, -1 do
		places = (" [%s%s]"):format(positional[i], places)
	end
	line("usage: %s [option...]%s [-- command...]\n", spec.name, places)
	line("%s.\n", spec.summary)
	line("options:")
	for _, option in ipairs(options) do
		width = math.max(width, #spelling(option))
	end
	for _, option in ipairs(options) do
		local text = spelling(option)
		line("  %s%s  %s", text, (" "):rep(width - #text), option.help)
	end
	line("\nexamples:")
	for _, example in ipairs(spec.examples) do
		line("  %-34s # %s", example[1], example[2])
	end
	return table.concat(out, "\n") .. "\n"
end

return args
