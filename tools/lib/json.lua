-- JSON text of Lua values. Objects are written from lists of name and value, so that their order is
-- fixed; strings that are no UTF-8 become {"b64": "..."}.
local json = {}

local escapes = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = "\\n", ["\t"] = "\\t", ["\r"] = "\\r" }
local alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

-- A value that is JSON text already.
local literal = {}

function json.literal(text)
	return setmetatable({ text }, literal)
end

function json.base64(s)
	local out = {}
	for i = 1, #s, 3 do
		local a, b, c = s:byte(i, i + 2)
		local n = a << 16 | (b or 0) << 8 | (c or 0)
		for shift = 18, 0, -6 do
			local at = (n >> shift & 63) + 1
			out[#out + 1] = alphabet:sub(at, at)
		end
		if not b then
			out[#out - 1] = "="
		end
		if not c then
			out[#out] = "="
		end
	end
	return table.concat(out)
end

local function escape(c)
	return escapes[c] or ("\\u%04x"):format(c:byte())
end

function json.string(s)
	if not utf8.len(s) then
		return '{"b64":"' .. json.base64(s) .. '"}'
	end
	return '"' .. s:gsub('[%c"\\]', escape) .. '"'
end

function json.value(v)
	local kind = math.type(v) or type(v)
	if kind == "string" then
		return json.string(v)
	elseif kind == "integer" then
		return ("%d"):format(v)
	elseif kind == "float" then
		-- JSON has no infinity and no NaN.
		return v - v == 0 and ("%.17g"):format(v) or "null"
	elseif kind == "boolean" then
		return tostring(v)
	elseif getmetatable(v) == literal then
		return v[1]
	elseif kind == "table" and #v == 0 and next(v) ~= nil then
		return json.fields(v)
	elseif kind == "table" then
		local items = {}
		for i, item in ipairs(v) do
			items[i] = json.value(item)
		end
		return "[" .. table.concat(items, ",") .. "]"
	end
	return "null"
end

-- An object of a table with names, in the order of these.
function json.fields(v)
	local names, list = {}, {}
	for name in pairs(v) do
		names[#names + 1] = name
	end
	table.sort(names)
	for _, name in ipairs(names) do
		list[#list + 1], list[#list + 2] = name, v[name]
	end
	return json.object(list)
end

-- One object of { name, value, name, value, ... }.
function json.object(list)
	local out = {}
	for i = 1, #list, 2 do
		out[#out + 1] = json.string(list[i]) .. ":" .. json.value(list[i + 1])
	end
	return "{" .. table.concat(out, ",") .. "}"
end

return json
