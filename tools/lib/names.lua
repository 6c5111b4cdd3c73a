-- Names of numbers: signals, users, and bytes of /proc's own names. System calls and errors are in
-- bcc.sys: sys.syscall_name(), sys.errno_name().
local names = {}

-- As on x86, ARM, RISC-V, s390 and POWER; MIPS, Alpha, SPARC and PA-RISC number some otherwise.
local signals = { "HUP", "INT", "QUIT", "ILL", "TRAP", "ABRT", "BUS", "FPE", "KILL", "USR1", "SEGV",
	"USR2", "PIPE", "ALRM", "TERM", "STKFLT", "CHLD", "CONT", "STOP", "TSTP", "TTIN", "TTOU", "URG",
	"XCPU", "XFSZ", "VTALRM", "PROF", "WINCH", "IO", "PWR", "SYS" }

-- "SIGKILL" for 9, "SIGRTMIN+1" for 35, the number for what is none.
function names.signal(number)
	if signals[number] then
		return "SIG" .. signals[number]
	elseif number >= 34 and number <= 64 then
		return "SIGRTMIN" .. (number > 34 and "+" .. number - 34 or "")
	end
	return tostring(number)
end

-- The number of "KILL", "SIGKILL" or "9"; nil when there is no such signal.
function names.signal_number(text)
	local wanted = text:upper():gsub("^SIG", "")
	for number, name in ipairs(signals) do
		if name == wanted then
			return number
		end
	end
	local number = math.tointeger(tonumber(text:match("^%d+$")))
	return number and number >= 1 and number <= 64 and number or nil
end

local users, uids

local function read_users()
	users, uids = {}, {}
	for line in io.lines("/etc/passwd") do
		local name, number = line:match("^([^:]+):[^:]*:(%d+):")
		if name then
			number = math.tointeger(tonumber(number))
			users[number] = users[number] or name
			uids[name] = uids[name] or number
		end
	end
end

-- A user's name by /etc/passwd, or the number.
function names.user(uid)
	if not users then
		read_users()
	end
	return users[uid] or tostring(uid)
end

-- The number of a user's name, or nil.
function names.uid(name)
	if not users then
		read_users()
	end
	return uids[name]
end

-- The flags of a number, by a list of { bit or mask, name }; what has no name is hexadecimal.
function names.flags(value, list)
	local out = {}
	for _, flag in ipairs(list) do
		if value & flag[1] == flag[1] and flag[1] ~= 0 then
			out[#out + 1] = flag[2]
			value = value & ~flag[1]
		end
	end
	if value ~= 0 or #out == 0 then
		out[#out + 1] = value == 0 and "0" or ("0x%x"):format(value)
	end
	return table.concat(out, "|")
end

-- The name that a process has now, or nil.
function names.comm(pid)
	local file = io.open(("/proc/%d/comm"):format(pid))
	local line = file and file:read("l")
	if file then
		file:close()
	end
	return line
end

return names
