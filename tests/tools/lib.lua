-- Proofs that tools see what happens: a tool is started with --json, and when it says that it is
-- attached, the proof does something whose records are known, ends the tool as Ctrl-C does, and
-- compares.
--	local proof = require "lib"
--	proof.case("what is shown", function()
--		local t = proof.start("opensnoop", "-x")      -- skips when the kernel lacks a hook
--		proof.sh("cat /nonexistent 2>/dev/null")
--		local r = t:stop()
--		proof.equal(#r:where { path = "/nonexistent", err = 2 }, 1)
--	end)
--	proof.done()
-- A proof exits with 77 when the machine lacks what it needs, and says what.
local sys = require "bcc".sys
local json_read = require "json_read"

local proof = {}

local PATIENCE = 180 -- seconds until a tool is attached, or has ended; a guest of tests/vm is slow
local SKIP = 77

local passed, failed, running, at_end = 0, 0, {}, {}

local function quote(word)
	return "'" .. word:gsub("'", "'\\''") .. "'"
end

proof.quote = quote

local function read_file(path)
	local file = assert(io.open(path))
	local text = file:read("a")
	file:close()
	return text
end

local function show(v)
	if type(v) ~= "table" then
		return type(v) == "string" and ("%q"):format(v) or tostring(v)
	end
	local out = {}
	for k, item in pairs(v) do
		out[#out + 1] = tostring(k) .. "=" .. show(item)
	end
	table.sort(out)
	return "{" .. table.concat(out, ",") .. "}"
end

function proof.equal(got, expected, what)
	if show(got) ~= show(expected) then
		error(("%s: got %s, expected %s"):format(what or "value", show(got), show(expected)), 2)
	end
end

-- Ends the proof, after what was left for its end, the last one first.
local function leave(code)
	for i = #at_end, 1, -1 do
		pcall(at_end[i])
	end
	os.exit(code, true)
end

-- What is to be done at the end, also when the proof is skipped.
function proof.at_end(run)
	at_end[#at_end + 1] = run
end

function proof.skip(reason)
	print("skipped: " .. reason)
	leave(SKIP)
end

-- Runs a shell command, which must succeed; returns what it writes.
function proof.sh(command)
	local pipe = io.popen(command)
	local out = pipe:read("a")
	local ok, how, code = pipe:close()
	if not ok then
		error(("%s: %s %d"):format(command, how, code), 2)
	end
	return out
end

-- A directory of the proof's own, gone at its end; parent: where, if that matters.
function proof.directory(parent)
	local path = proof.sh("mktemp -d" .. (parent and " -p " .. parent or "")):gsub("\n", "")
	proof.at_end(function() os.execute("rm -rf " .. path) end)
	return path
end

-- A command's exit code, or nil while it runs.
local function status(t)
	if not t.code then
		local how, code = sys.wait(t.pid, true)
		t.code = how and (how == "exit" and code or 128 + code)
	end
	return t.code
end

local function wait_for(what, done)
	local stop = sys.monotonic() + PATIENCE * 1000000000
	while not done() do
		if sys.monotonic() > stop then
			error("no " .. what .. " after " .. PATIENCE .. " seconds", 0)
		end
		sys.sleep(0.02)
	end
end

local tool = {}
tool.__index = tool

local function launch(name, words)
	local t = setmetatable({ name = name, out = os.tmpname(), err = os.tmpname() }, tool)
	-- Modules of the proofs must not take the place of a tool's own.
	local command = { "exec", "env", "LUA_PATH=" .. quote(os.getenv("TOOLS") .. "/lib/?.lua"),
		quote(os.getenv("LUA") or "lua5.4"), quote(os.getenv("TOOLS") .. "/" .. name .. ".lua") }
	for _, word in ipairs(words) do
		command[#command + 1] = quote(word)
	end
	local line = ("%s >%s 2>%s"):format(table.concat(command, " "), t.out, t.err)
	t.pid = sys.spawn { "sh", "-c", line }
	sys.resume(t.pid)
	running[t] = true
	return t
end

local function finish(t)
	running[t] = nil
	local text, err = read_file(t.out), read_file(t.err)
	os.remove(t.out)
	os.remove(t.err)
	return text, err
end

-- The kernel or this user cannot do it: that is no failure of the tool. A required hook that is
-- missing is code 4, a privilege 3.
local function skip_when_lacking(t)
	if t.code == 3 or t.code == 4 then
		local _, err = finish(t)
		proof.skip(err:gsub("\n+$", ""))
	end
end

local records = {}
records.__index = records

-- The records of a type (event without one) in which all of the fields are as given.
function records:where(fields, kind)
	local list = {}
	for _, record in ipairs(self) do
		local fits = record.type == (kind or fields.type or "event")
		for name, value in pairs(fields) do
			fits = fits and record[name] == value
		end
		list[#list + 1] = fits and record or nil
	end
	return list
end

local function parse(name, text)
	local list = setmetatable({}, records)
	for line in text:gmatch("[^\n]+") do
		local record = json_read.text(line)
		proof.equal({ record.v, record.tool, type(record.ts) }, { 1, name, "number" }, line)
		list[#list + 1] = record
	end
	return list
end

-- Starts a tool with --json and waits until it is attached.
function proof.start(name, ...)
	local t = launch(name, { "--json", "-v", ... })
	local ready = "\n" .. name .. ": ready\n"
	wait_for("ready line", function()
		return ("\n" .. read_file(t.err)):find(ready, 1, true) or status(t)
	end)
	if status(t) then
		skip_when_lacking(t)
		local _, err = finish(t)
		error(("%s ended with %d: %s"):format(name, t.code, err), 2)
	end
	return t
end

-- Ends it as Ctrl-C does. Returns its records: a sequence with code, err (stderr without what -v
-- says) and summary (the last record).
function tool:stop()
	if not status(self) then
		sys.kill(self.pid, 2)
	end
	wait_for("end of " .. self.name, function() return status(self) end)
	local text, err = finish(self)
	local list = parse(self.name, text)
	list.code, list.err, list.summary = self.code, err:gsub("^.-: ready\n", ""), list[#list]
	proof.equal(list.code, 0, self.name .. " ended: " .. err)
	proof.equal(list.summary and list.summary.type, "summary", self.name .. "'s last record")
	return list
end

-- Runs a tool to its end; needs something that ends it (-d, -c, -- command). Returns stdout, stderr,
-- exit code.
function proof.run(name, ...)
	local t = launch(name, { ... })
	wait_for("end of " .. name, function() return status(t) end)
	skip_when_lacking(t)
	local text, err = finish(t)
	return text, err, t.code
end

-- Runs a tool that must not succeed. Returns its exit code (also when it is that of a missing hook)
-- and stderr.
function proof.fails(name, ...)
	local t = launch(name, { ... })
	wait_for("end of " .. name, function() return status(t) end)
	local _, err = finish(t)
	assert(t.code ~= 0, name .. " succeeded")
	return t.code, err
end

-- The records of a tool that runs a command of its own: proof.trace("opensnoop", { "-x" }, "cat x").
function proof.trace(name, words, command)
	words = table.move(words, 1, #words, 2, { "--json" })
	words = table.move({ "--", "sh", "-c", "exec >/dev/null 2>&1; " .. command }, 1, 4, #words + 1, words)
	local text, err, code = proof.run(name, table.unpack(words))
	proof.equal(code, 0, name .. " ended: " .. err)
	local list = parse(name, text)
	list.err, list.summary = err, list[#list]
	return list
end

local function stop_all()
	for t in pairs(running) do
		if not status(t) then
			pcall(sys.kill, t.pid, 9)
			sys.wait(t.pid)
		end
		finish(t)
	end
end

function proof.case(name, run)
	local ok, err = xpcall(run, function(e)
		return type(e) == "string" and debug.traceback(e, 2) or tostring(e)
	end)
	stop_all()
	passed, failed = passed + (ok and 1 or 0), failed + (ok and 0 or 1)
	print((ok and "ok    " or "FAIL  ") .. name .. (ok and "" or "\n" .. err))
end

function proof.done()
	print(("%d passed, %d failed"):format(passed, failed))
	leave(failed == 0 and passed > 0 and 0 or 1)
end

return proof
