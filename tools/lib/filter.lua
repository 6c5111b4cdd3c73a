-- Filters that run in the kernel: C text that goes behind every tool's own, with declarations
-- before it that take no line of their own, so that diagnostics tell lines of the tool. It offers
--	tool_skip()         whether the options leave out the current task (pid, tid, uid, command)
--	tool_skip_name()    whether its name does not contain the text that was asked for
--	tool_miss()         counts an event that a full table made impossible
local sys = require "bcc".sys

local filter = {}

local options = {
	pid = { "-p", "--pid", arg = "PID", type = "list", help = "only these processes" },
	tid = { "-t", "--tid", arg = "TID", type = "list", help = "only these threads" },
	uid = { "-u", "--uid", arg = "UID", type = "list", help = "only these users" },
	name = { "-n", "--name", arg = "NAME", type = "string",
		help = "only commands whose name contains this" },
}

function filter.options(names)
	local list = {}
	for i, name in ipairs(names) do
		list[i] = options[name]
	end
	return list
end

-- The value is none of the list.
local function none_of(name, list)
	local tests = {}
	for i, value in ipairs(list) do
		tests[i] = ("%s != %dU"):format(name, value)
	end
	return table.concat(tests, " && ")
end

-- The name, of 15 bytes at most, contains the text: one comparison for every place it can be at.
local function contains(text)
	local places = {}
	text = text:sub(1, 15)
	for at = 0, 15 - #text do
		local tests = {}
		for i = 1, #text do
			tests[i] = ("(u8)comm[%d] == %d"):format(at + i - 1, text:byte(i))
		end
		places[#places + 1] = "(" .. table.concat(tests, " && ") .. ")"
	end
	return table.concat(places, " || ")
end

-- A command that the tool runs is traced with all of its descendants. The programs are attached by
-- follow(), after the tool's own: those may still ask for a process that exits.
local family = [[
#include <linux/sched.h>
#include <linux/sched/signal.h>
BPF_HASH(tool_family, u32, u8);
int tool_forked(struct tracepoint__sched__sched_process_fork *args)
{
	u32 parent = bpf_get_current_pid_tgid() >> 32, child = args->child_pid;
	u8 one = 1;

	if (tool_family.lookup(&parent) && tool_family.update(&child, &one))
		tool_miss();
	return 0;
}
/* A new thread has an entry, too, which goes with it; that of its process stays to the last. */
int tool_exited(struct tracepoint__sched__sched_process_exit *args)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	u64 id = bpf_get_current_pid_tgid();
	u32 pid = id >> 32, tid = id;

	if (tid != pid)
		tool_family.delete(&tid);
	if (task->signal->live.counter == 0)
		tool_family.delete(&pid);
	return 0;
}
]]

local text = [[
BPF_ARRAY(tool_missed, u64, 1);
static void tool_miss(void)
{
	int zero = 0;

	tool_missed.atomic_increment(zero);
}
%s
static bool tool_skip(void)
{
	u64 id = bpf_get_current_pid_tgid();
	u32 pid = id >> 32, tid = id, uid = bpf_get_current_uid_gid();

	return %s;
}
static bool tool_skip_name(void)
{
	char comm[16] = {};

	bpf_get_current_comm(&comm, sizeof(comm));
	return !(%s);
}
]]

local declarations = "static void tool_miss(void); static bool tool_skip(void); " ..
	"static bool tool_skip_name(void); "

-- The tool's text, completed.
function filter.text(values, own)
	local tests = { "false" }
	for _, name in ipairs { "pid", "tid", "uid" } do
		if values[name] then
			tests[#tests + 1] = "(" .. none_of(name, values[name]) .. ")"
		end
	end
	if values.command then
		tests[#tests + 1] = "!tool_family.lookup(&pid)"
	end
	return declarations .. own .. text:format(values.command and family or "",
		table.concat(tests, " || "), values.name and contains(values.name) or "true")
end

-- Lets the command that waits as process pid begin, and traces it.
function filter.follow(b, pid)
	b:attach_tracepoint { tp = "sched:sched_process_fork", fn_name = "tool_forked" }
	b:attach_tracepoint { tp = "sched:sched_process_exit", fn_name = "tool_exited" }
	b:get_table("tool_family"):set(pid, 1)
	sys.resume(pid)
end

return filter
