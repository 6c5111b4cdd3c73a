-- The text of --help, from a declaration that declare.complete() has completed.
local help = {}

-- "-T, --timestamp[=MODE]"
function help.spelling(option)
	local short, long, arg = option[1], option[2], option.arg
	local text = (short or "   ") .. (short and long and ", " or " ") .. (long or "")
	if arg and option.type == "optional" then
		return text .. "[=" .. arg .. "]"
	end
	return arg and text .. " " .. arg or text
end

-- " [interval [count]]"
function help.places(spec)
	local text = ""
	for i = #spec.all_positional, 1, -1 do
		local place = spec.all_positional[i]
		local name = place[1]
		text = place.required and " " .. name:upper() .. text or (" [%s%s]"):format(name, text)
	end
	return text
end

-- The options in their groups: the tool's own, filters, what all tools have.
function help.groups(spec)
	local groups = { { "options", {} }, { "filters, all in the kernel", {} },
		{ "options of all tools", {} } }
	for _, option in ipairs(spec.all_options) do
		local group = groups[option.group == "filter" and 2 or option.group == "common" and 3 or 1]
		table.insert(group[2], option)
	end
	return groups
end

function help.text(spec)
	local out, width = {}, 0
	local function line(...)
		out[#out + 1] = string.format(...)
	end
	line("usage: %s [option...]%s%s\n", spec.name, help.places(spec),
		spec.list and "" or " [-- command...]")
	line("%s.", spec.summary)
	for _, option in ipairs(spec.all_options) do
		width = math.max(width, #help.spelling(option))
	end
	for _, place in ipairs(spec.positional or {}) do
		out[#out + 1] = (#out == 2 and "\n" or "") .. ("  %s  %s"):format(place[1]:upper() ..
			(" "):rep(width - #place[1]), place.help)
	end
	for _, group in ipairs(help.groups(spec)) do
		if #group[2] > 0 then
			line("\n%s:", group[1])
		end
		for _, option in ipairs(group[2]) do
			local text = help.spelling(option)
			line("  %s%s  %s", text, (" "):rep(width - #text), option.help)
		end
	end
	line("\nexamples:")
	for _, example in ipairs(spec.examples) do
		line("  %-34s # %s", example[1], example[2])
	end
	return table.concat(out, "\n") .. "\n"
end

return help
