-- capable: what a process is granted and refused, when it becomes nobody and tries what only root may.
local proof = require "lib"

local file = os.tmpname()
local workload = "perl -e " .. proof.quote(([[
	$< = 65534;
	$> = 65534;
	chown(0, 0, "FILE") and die;
	chown(0, 0, "FILE") and die;
	open(my $stat, "<", "/proc/" . getppid() . "/stat") or die;
	<$stat>;]]):gsub("FILE", file))

-- Not every hook tells all: what it does not tell is not compared.
local function told(record, fields)
	for name, value in pairs(fields) do
		if record[name] ~= nil then
			proof.equal(record[name], value, name)
		end
	end
end

proof.case("one that is granted, one that is refused", function()
	local r = proof.trace("capable", {}, workload)
	local setuid = r:where { comm = "perl", cap = 7, name = "SETUID" }
	proof.equal(#setuid, 1)
	proof.equal(setuid[1].uid, 0)
	told(setuid[1], { audit = true, insetid = true, granted = true })
	local chown = r:where { comm = "perl", cap = 0, name = "CHOWN" }
	proof.equal(#chown, 2)
	proof.equal({ chown[1].uid, chown[1].pid }, { 65534, setuid[1].pid })
	told(chown[1], { audit = true, insetid = false, granted = false })
	proof.equal(r.summary.lost, 0)
	-- What is in somebody else's /proc/PID/stat depends on a check that is not audited, which is left out
	-- if that can be known.
	proof.equal(#r:where { audit = false }, 0)
	proof.equal(#r:where { comm = "perl", name = "SYS_PTRACE" }, chown[1].audit == nil and 1 or 0)
end)

proof.case("--all has those that are not audited", function()
	local r = proof.trace("capable", { "--all" }, workload)
	local stat = r:where { comm = "perl", name = "SYS_PTRACE" }
	proof.equal(#stat, 1)
	told(stat[1], { audit = false, granted = false })
	proof.equal(#r:where { comm = "perl", name = "CHOWN" }, 2)
end)

proof.case("--unique and --denied", function()
	local r = proof.trace("capable", { "--unique" }, workload)
	proof.equal(#r:where { comm = "perl", name = "CHOWN" }, 1)
	r = proof.trace("capable", { "--denied" }, workload)
	proof.equal(#r:where { comm = "perl", name = "CHOWN", granted = false }, 2)
	proof.equal(#r:where { granted = true }, 0)
end)

proof.case("stacks", function()
	local r = proof.trace("capable", { "-K", "-U" }, workload)
	local chown = r:where({ comm = "perl", name = "CHOWN" })[1]
	local names = {}
	for i, frame in ipairs(chown.kernel_stack) do
		names[i] = frame.sym or frame.addr
	end
	local all = table.concat(names, " ")
	assert(all:find("capable") and all:find("chown"), all)
	proof.equal(chown.user_stack[1].addr:match("^0x%x+$") ~= nil, true)
end)

os.remove(file)
proof.done()
