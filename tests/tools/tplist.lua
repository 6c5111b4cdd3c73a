-- tplist lists tracepoints as tracefs has them, and the USDT probes of files and processes.
local proof = require "lib"
local json_read = require "json_read"
local program = require "program"
local sys = require "bcc".sys

local function list(...)
	local text, err, code = proof.run("tplist", "--json", ...)
	proof.equal(code, 0, err)
	local rows = {}
	for line in text:gmatch("[^\n]+") do
		rows[#rows + 1] = json_read.text(line)
	end
	return rows
end

local function read(path)
	local file = io.open(path)
	local text = file and file:read("a")
	return text, file and file:close()
end

proof.case("tracepoints", function()
	local events = "/sys/kernel/tracing/events"
	if not read(events .. "/sched/sched_switch/id") then
		proof.skip("tracefs cannot be read")
	end
	local names = {}
	for _, name in ipairs(sys.list_dir(events .. "/sched")) do
		names[#names + 1] = read(("%s/sched/%s/id"):format(events, name)) and "sched:" .. name or nil
	end
	table.sort(names)
	local rows, found = list("sched:*"), {}
	for i, row in ipairs(rows) do
		found[i] = row.name
		proof.equal({ row.kind, row.tool, row.fields }, { "tracepoint", "tplist" })
	end
	table.sort(found)
	proof.equal(found, names)
end)

proof.case("fields", function()
	local rows = list("-v", "sched:sched_switch")
	proof.equal(#rows, 1)
	local fields = "," .. table.concat(rows[1].fields, ",") .. ","
	for _, field in ipairs { "char prev_comm[16]", "pid_t next_pid", "int next_prio" } do
		assert(fields:find("," .. field .. ",", 1, true), fields)
	end
	local text = proof.run("tplist", "-v", "sched:sched_switch")
	assert(text:find("\nsched:sched_switch\n    char prev_comm%[16%];\n"), text)
end)

proof.case("USDT probes of a file and of a process", function()
	local path = program.build()
	local rows = list("-v", "-l", path)
	proof.equal(#rows, 1)
	proof.equal({ rows[1].kind, rows[1].name, rows[1].file, #rows[1].fields },
		{ "usdt", "demo:round", path, 1 })
	local pid = sys.spawn { path, "0", "60000" }
	sys.resume(pid)
	local mapped
	for _ = 1, 100 do
		mapped = (read(("/proc/%d/maps"):format(pid)) or ""):find(path, 1, true)
		if mapped then
			break
		end
		sys.sleep(0.05)
	end
	local ok, found = pcall(list, "-p", tostring(pid), "*round*")
	sys.kill(pid, 9)
	sys.wait(pid)
	os.remove(path)
	assert(mapped and ok, found)
	proof.equal(#found, 1)
	proof.equal(found[1].name, "demo:round")
end)

proof.case("what is not there", function()
	proof.equal((proof.fails("tplist", "nix:*")), 1)
	proof.equal((proof.fails("tplist", "-l", "/nonexistent")), 1)
end)

proof.done()
