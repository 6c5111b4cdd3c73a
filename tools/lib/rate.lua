-- How long a report covers, in seconds: since the one before it, or since the tool was attached.
--	local rate = require "rate".new()     attached = rate.start,     local seconds = rate.seconds()
local sys = require "bcc".sys

local rate = {}

function rate.new()
	local before
	local function start()
		before = sys.monotonic()
	end
	local function seconds()
		local passed = (sys.monotonic() - before) / 1e9
		start()
		return passed
	end
	return { start = start, seconds = seconds }
end

return rate
