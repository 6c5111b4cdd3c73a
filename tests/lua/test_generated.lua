-- What is made of a declaration, byte for byte: help, manual page, schema and completion of a small
-- tool, in golden/. UPDATE_GOLDEN=1 writes them anew: then the difference is the review.
local check = require "check"
local declare = require "declare"

local here = arg[0]:match("^(.*)/[^/]*$") or "."

local spec = declare.complete {
	name = "sample",
	summary = "Show what's declared",
	description = "First paragraph with a back\\slash.\n\n.second begins with a dot, and it's \"quoted\".",
	filters = { "pid", "netns" },
	options = {
		{ "-m", "--mode", arg = "MODE", type = "choice", choices = { "fast", "slow" },
			help = "how: [fast] or slow" },
		{ "-x", "--failed", help = "only what failed; it's rare" },
	},
	positional = { { "pattern", type = "string", required = true, help = "what to look for" } },
	columns = {
		{ "PID", "pid", 7, "int", help = "the \"process\"" },
		{ "LAT(ms)", "lat_ns", 9, "int", scale = 1e6, format = "%.3f" },
		{ false, "stack", 0, "array" },
		{ "COMM", "comm", 0, "string", help = "100% its name" },
	},
	hooks = { { "tracepoint:a:b", { "kprobe:c", define = "C" } }, { "raw_tp:d", optional = true } },
	compatibility = { { "-t", "is the thread" } },
	examples = { { "sample 'x*'", "all" }, { "sample -m fast y", "some" } },
	report = function() end,
	text = "",
}

local histogram = declare.complete {
	name = "picture", summary = "Show pictures", examples = { { "picture", "a" }, { "picture 1", "b" } },
	filters = {}, columns = { { "DISK", "disk", 8, "string" } }, histogram = { unit = "usecs" }, text = "",
}

local commands = { { name = "run", summary = "compile: and run",
	options = { { "-d", "--duration", arg = "SECONDS", type = "string", help = "end" } } } }

local function golden(name, text)
	local path = ("%s/golden/%s"):format(here, name)
	if os.getenv("UPDATE_GOLDEN") then
		local file = assert(io.open(path, "w"))
		file:write(text)
		file:close()
	end
	local file = assert(io.open(path))
	check.same(text, file:read("a"), name)
	file:close()
end

check.case("help", function()
	golden("sample.help", require "help".text(spec))
	golden("picture.help", require "help".text(histogram))
end)

check.case("manual page", function()
	golden("sample.8", require "man".page(spec))
end)

check.case("schema", function()
	golden("sample.schema", require "schema".text(spec))
	golden("picture.schema", require "schema".text(histogram))
end)

check.case("completion", function()
	local completion = require "completion"
	for _, shell in ipairs(completion.shells) do
		golden("completion." .. shell, completion.text(shell, { spec }, commands))
	end
end)

check.done()
