-- What the tests share: cases, comparisons, and the question whether this machine allows BPF.
local bcc = require "bcc"

local check = {}

local failed, passed = 0, 0

-- Runs one case; a failure is reported and the others go on.
function check.case(name, run)
	local ok, err = xpcall(run, function(e)
		return type(e) == "string" and debug.traceback(e, 2) or tostring(e)
	end)
	if ok then
		passed = passed + 1
		print("ok    " .. name)
	else
		failed = failed + 1
		print("FAIL  " .. name .. "\n" .. err)
	end
	-- What a case leaves behind must not disturb the next one.
	collectgarbage()
end

function check.done()
	print(("%d passed, %d failed"):format(passed, failed))
	os.exit(failed == 0 and 0 or 1, true)
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

-- Compares values deeply; 1 and 1.0 differ, as what they are matters to formatting.
function check.same(got, expected, what)
	local a, b = show(got), show(expected)
	if a ~= b then
		error(("%s: got %s, expected %s"):format(what or "value", a, b), 2)
	end
end

-- run must raise an error whose text contains all of the patterns. Returns it.
function check.raises(run, ...)
	local ok, err = pcall(run)
	if ok then
		error("no error was raised", 2)
	end
	for _, pattern in ipairs { ... } do
		if not tostring(err):find(pattern) then
			error(("the error does not say '%s': %s"):format(pattern, tostring(err)), 2)
		end
	end
	return err
end

function check.skip(reason)
	print("SKIP: " .. reason)
	os.exit(77, true)
end

-- Leaves when BPF is not permitted here.
function check.need_bpf()
	local ok, err = pcall(function()
		bcc.BPF:new { text = "BPF_ARRAY(probe, u64, 1);" }:close()
	end)
	if not ok and type(err) == "table" and (err.code == "BCC_ERR_PRIVILEGE" or err.code == "EPERM") then
		check.skip("BPF is not permitted: " .. err.message)
	elseif not ok then
		error(err, 0)
	end
end

-- A command's output, standard error and exit code.
function check.run(command)
	local errors = os.tmpname()
	local pipe = io.popen(command .. " 2>" .. errors)
	local out = pipe:read("a")
	local _, _, code = pipe:close()
	local file = io.open(errors)
	local err = file:read("a")
	file:close()
	os.remove(errors)
	return out, err, code
end

return check
