-- The JSON schema of a tool's records, one line per record as --json writes them.
local json = require "json"

local schema = {}

local types = { int = "integer", float = "number", bool = "boolean", array = "array" }

-- Text may hold bytes that are no UTF-8.
local text = '{"anyOf":[{"type":"string"},{"type":"object","properties":{"b64":{"type":"string"}},' ..
	'"required":["b64"],"additionalProperties":false}]}'

local function property(column)
	local kind = column[4] == "string" and text or '{"type":' .. json.string(types[column[4]]) .. "}"
	if column.help then
		kind = kind:gsub("}$", ',"description":' .. json.string(column.help):gsub("%%", "%%%%") .. "}")
	end
	return json.string(column[2]) .. ":" .. kind
end

local whole = '{"type":"integer"}'

local function record(spec, kind, properties, required)
	local all = { '"v":{"const":1}', '"tool":{"const":' .. json.string(spec.name) .. "}",
		'"ts":{"type":"integer","description":"nanoseconds since the epoch"}',
		'"type":{"const":' .. json.string(kind) .. "}" }
	table.move(properties, 1, #properties, #all + 1, all)
	local names = { "v", "tool", "ts", "type" }
	table.move(required, 1, #required, #names + 1, names)
	return '{"type":"object","properties":{' .. table.concat(all, ",") .. '},"required":' ..
		json.value(names) .. "}"
end

local buckets = '"buckets":{"type":"array","items":{"type":"object","properties":{"lo":' .. whole ..
	',"hi":' .. whole .. ',"count":' .. whole .. '},"required":["lo","hi","count"]}}'

function schema.text(spec)
	local properties, seen, list = {}, {}, {}
	for _, column in ipairs(spec.columns) do
		if not seen[column[2]] then
			properties[#properties + 1] = property(column)
		end
		seen[column[2]] = true
	end
	if spec.histogram then
		if spec.report or spec.histogram.rows then
			list[1] = record(spec, "map", properties, {})
		end
		local more = { '"unit":{"type":"string"}', buckets, not seen.count and '"count":' .. whole or nil }
		table.move(more, 1, #more, #properties + 1, properties)
		list[#list + 1] = record(spec, "hist", properties, { "unit", "count", "buckets" })
	elseif spec.list then
		list[1] = record(spec, "event", properties, {})
	else
		list[1] = record(spec, spec.event and "event" or "map", properties, {})
	end
	if not spec.list then
		list[#list + 1] = record(spec, "lost", { '"count":' .. whole }, { "count" })
		list[#list + 1] = record(spec, "warn", { '"message":{"type":"string"}' }, { "message" })
		list[#list + 1] = record(spec, "hook", { '"hook":{"type":"string"}',
			'"program":{"type":"string"}', '"mechanism":{"type":"string"}' },
			{ "hook", "program", "mechanism" })
		list[#list + 1] = record(spec, "summary", { '"records":' .. whole, '"lost":' .. whole },
			{ "records", "lost" })
	end
	return '{"$schema":"https://json-schema.org/draft/2020-12/schema","title":' ..
		json.string(spec.name) .. ',"oneOf":[\n' .. table.concat(list, ",\n") .. "\n]}\n"
end

return schema
