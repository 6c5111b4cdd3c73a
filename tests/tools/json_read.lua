-- JSON text as Lua values: what the proofs read the tools' records with. null is json_read.null, so
-- that a field that is there is seen. Raises for what is no JSON.
local read = { null = setmetatable({}, { __tostring = function() return "null" end }) }

local escapes = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t" }
local value

local function fail(text, at, what)
	error(("no JSON at %d: %s expected in %s"):format(at, what, text:sub(1, 200)), 0)
end

local function skip(text, at)
	return text:find("[^ \t\r\n]", at) or #text + 1
end

local function string_at(text, at)
	local out = {}
	at = at + 1
	while true do
		local stop = text:find('["\\%c]', at) or fail(text, at, "end of string")
		out[#out + 1] = text:sub(at, stop - 1)
		local c = text:sub(stop, stop)
		if c == '"' then
			return table.concat(out), stop + 1
		elseif c ~= "\\" then
			fail(text, stop, "no control character")
		end
		local hex = text:match("^u(%x%x%x%x)", stop + 1)
		out[#out + 1] = hex and utf8.char(tonumber(hex, 16)) or
			escapes[text:sub(stop + 1, stop + 1)] or text:sub(stop + 1, stop + 1)
		at = stop + (hex and 6 or 2)
	end
end

-- Items up to the closing character; each() reads one.
local function list_at(text, at, close, each)
	at = skip(text, at + 1)
	if text:sub(at, at) == close then
		return at + 1
	end
	while true do
		at = skip(text, each(at))
		local c = text:sub(at, at)
		if c == close then
			return at + 1
		elseif c ~= "," then
			fail(text, at, "',' or '" .. close .. "'")
		end
		at = skip(text, at + 1)
	end
end

local function array_at(text, at)
	local out = {}
	local next_at = list_at(text, at, "]", function(i)
		local item, after = value(text, i)
		out[#out + 1] = item
		return after
	end)
	return out, next_at
end

local function object_at(text, at)
	local out = {}
	local next_at = list_at(text, at, "}", function(i)
		if text:sub(i, i) ~= '"' then
			fail(text, i, "a name")
		end
		local name, after = string_at(text, i)
		after = skip(text, after)
		if text:sub(after, after) ~= ":" or out[name] ~= nil then
			fail(text, after, "':' after a new name")
		end
		out[name], after = value(text, skip(text, after + 1))
		return after
	end)
	return out, next_at
end

local words = { ["true"] = true, ["false"] = false, null = read.null }

function value(text, at)
	local c = text:sub(at, at)
	if c == '"' then
		return string_at(text, at)
	elseif c == "{" then
		return object_at(text, at)
	elseif c == "[" then
		return array_at(text, at)
	end
	local number = text:match("^-?%d+%.?%d*[eE]?[-+]?%d*", at)
	if number then
		return tonumber(number), at + #number
	end
	local word = text:match("^%l+", at)
	if words[word] == nil then
		fail(text, at, "a value")
	end
	return words[word], at + #word
end

-- The value of a whole text.
function read.text(text)
	local out, at = value(text, skip(text, 1))
	if skip(text, at) <= #text then
		fail(text, at, "the end")
	end
	return out
end

return read
