-- utils.posix: clocks, sleeping, CPUs, wide numbers.
local bcc = require "bcc"
local libc = require "bcc.compat.libc"

local posix = {}

posix.CLOCK = {
	REALTIME = 0, MONOTONIC = 1, PROCESS_CPUTIME_ID = 2, THREAD_CPUTIME_ID = 3, MONOTONIC_RAW = 4,
	REALTIME_COARSE = 5, MONOTONIC_COARSE = 6,
}

-- Nanoseconds. Without a clock it is the one of bpf_ktime_get_ns(), for comparing with its values.
function posix.time_ns(clock)
	if clock == posix.CLOCK.REALTIME or clock == posix.CLOCK.REALTIME_COARSE then
		return bcc.sys.time()
	end
	return bcc.sys.monotonic()
end

function posix.sleep(seconds)
	bcc.sys.sleep(seconds)
end

posix.cpu_count = libc.get_nprocs

-- A number of 64 bits out of text.
function posix.tonumber64(text, base)
	assert(type(text) == "string", "tonumber64: expected a string")
	local value = 0
	for digit in text:gsub("^0[xX]", base == 16 and "" or "%0"):gmatch("%w") do
		local n = tonumber(digit, base or 10) or error("tonumber64: '" .. text .. "' is no number", 2)
		value = value * (base or 10) + n
	end
	return value
end

return posix
