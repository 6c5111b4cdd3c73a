-- The manual page of a tool, as roff, from its declaration.
local help = require "help"

local man = {}

local function escape(text)
	text = text:gsub("\\", "\\e"):gsub("%-", "\\-"):gsub("'", "\\(aq"):gsub('"', "\\(dq")
	return (text:gsub("^%.", "\\&."):gsub("\n%.", "\n\\&."))
end

local function bold(text)
	return "\\fB" .. escape(text) .. "\\fR"
end

local exit_codes = {
	{ "0", "success, also after Ctrl-C" },
	{ "1", "a failure at run time" },
	{ "2", "a wrong command line" },
	{ "3", "a privilege is missing" },
	{ "4", "the kernel lacks something" },
	{ "5", "the program does not compile, or the kernel's verifier refuses it" },
	{ "6", "events were lost, with --lost=fail" },
}

local function options(spec, section, item)
	for _, place in ipairs(spec.all_positional) do
		item(bold(place[1]), place.help)
	end
	for _, group in ipairs(help.groups(spec)) do
		if #group[2] > 0 and group[1] ~= "options" then
			section(group[1]:upper():gsub(",.*", ""))
		end
		for _, option in ipairs(group[2]) do
			item(bold(help.spelling(option):gsub("^ +", "")), option.help)
		end
	end
end

local function columns(spec, section, item)
	if #spec.columns == 0 then
		return
	end
	section("OUTPUT")
	for _, column in ipairs(spec.columns) do
		local note = column.help or ""
		if column.scale or not column[1] or column[1]:lower() ~= column[2] then
			note = note .. (note ~= "" and "; " or "") .. "JSON: " .. column[2]
		end
		item(bold(column[1] or column[2]), note)
	end
end

local function hook_list(spec, section, item)
	if type(spec.hooks) ~= "table" then
		return
	end
	section("HOOKS")
	for _, hook in ipairs(spec.hooks) do
		local names = {}
		for i, alternative in ipairs(hook) do
			names[i] = type(alternative) == "table" and alternative[1] or alternative
		end
		item(bold(table.concat(names, " | ")), hook.optional and "optional" or "needed")
	end
end

function man.page(spec)
	local out = {}
	local function line(...)
		out[#out + 1] = string.format(...)
	end
	local function section(title)
		line(".SH %s", title)
	end
	local function item(head, text)
		line(".TP\n%s\n%s", head, text ~= "" and escape(text) or "\\&")
	end
	line('.TH %s 8 "" "bpfcc" "Tracing tools"', spec.name:upper())
	section("NAME")
	line("%s \\- %s", escape(spec.name), escape(spec.summary))
	section("SYNOPSIS")
	line("%s [option...]%s%s", bold(spec.name), escape(help.places(spec)),
		spec.list and "" or " [\\-\\- command...]")
	section("DESCRIPTION")
	line("%s.", escape(spec.summary))
	for paragraph in ((spec.description or "") .. "\n\n"):gmatch("(.-)\n\n+") do
		if paragraph ~= "" then
			line(".PP\n%s", escape(paragraph))
		end
	end
	section("OPTIONS")
	options(spec, section, item)
	columns(spec, section, item)
	hook_list(spec, section, item)
	section("EXAMPLES")
	for _, example in ipairs(spec.examples) do
		item(bold(example[1]), example[2])
	end
	section("EXIT STATUS")
	for _, code in ipairs(exit_codes) do
		item(bold(code[1]), code[2])
	end
	if spec.compatibility then
		section("COMPATIBILITY")
		line("The same letter means the same in all tools here. Other than in BCC's %s:",
			escape(spec.name))
		for _, difference in ipairs(spec.compatibility) do
			item(bold(difference[1]), difference[2])
		end
	end
	return table.concat(out, "\n") .. "\n"
end

return man
