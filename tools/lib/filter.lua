-- Filters that run in the kernel: C text that goes behind every tool's own, with declarations
-- before it that take no line of their own, so that diagnostics tell lines of the tool. It offers
--	tool_skip()           whether the options leave out the current task
--	tool_skip_ids()       the same without the command's name, tool_skip_name() just by that
--	tool_skip_task(task)  whether they leave out another task: struct task_struct *
--	tool_miss()           counts an event that a full table made impossible
-- Each function is there only when the tool's text names it, and tests only what was asked for.
local sys = require "bcc".sys

local filter = {}

filter.all = { "pid", "tid", "uid", "name", "cgroup", "container", "pidns", "netns", "mntns" }

local options = {
	pid = { "-p", "--pid", arg = "PID", type = "list", help = "only these processes" },
	tid = { "-t", "--tid", arg = "TID", type = "list", help = "only these threads" },
	uid = { "-u", "--uid", arg = "UID", type = "users", help = "only these users, by number or name" },
	name = { "-n", "--name", arg = "NAME", type = "string",
		help = "only commands whose name contains this" },
	cgroup = { false, "--cgroup", arg = "PATH", type = "words",
		help = "only processes in these cgroups and below" },
	container = { false, "--container", arg = "NAME", type = "words",
		help = "only these containers, by name or id" },
	pidns = { false, "--pidns", arg = "NS", type = "string",
		help = "only this pid namespace: a pid, a path or its number" },
	netns = { false, "--netns", arg = "NS", type = "string",
		help = "only this network namespace, also by its name" },
	mntns = { false, "--mntns", arg = "NS", type = "string", help = "only this mount namespace" },
}

function filter.options(names)
	local list = {}
	for i, name in ipairs(names) do
		list[i] = setmetatable({ options[name][1], options[name][2], group = "filter" },
			{ __index = options[name] })
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

-- A cgroup's number is that of its directory; those below are found by their parents, whose first
-- member is "self".
local cgroups = [[
static bool tool_in_cgroup(struct task_struct *task)
{
	struct cgroup *cgroup = task->cgroups->dfl_cgrp;

	for (int i = 0; i < 16 && cgroup; i++) {
		u64 id = cgroup->kn->id;

		if (%s)
			return true;
		cgroup = (struct cgroup *)cgroup->self.parent;
	}
	return false;
}
]]

local namespaces = {
	netns = "task->nsproxy->net_ns->ns.inum != %dU",
	mntns = "task->nsproxy->mnt_ns->ns.inum != %dU",
	pidns = "task->nsproxy->pid_ns_for_children->ns.inum != %dU",
}

-- Tests in C on pid, tid, uid, and on task.
local function tests_of(values)
	local list = { "false" }
	for _, name in ipairs { "pid", "tid", "uid" } do
		if values[name] then
			list[#list + 1] = "(" .. none_of(name, values[name]) .. ")"
		end
	end
	if values.command then
		list[#list + 1] = "!tool_family.lookup(&pid)"
	end
	if values.cgroup_ids then
		list[#list + 1] = "!tool_in_cgroup(task)"
	end
	for _, name in ipairs { "pidns", "netns", "mntns" } do
		if values[name] then
			list[#list + 1] = namespaces[name]:format(values[name])
		end
	end
	return table.concat(list, " ||\n\t       ")
end

local missed = [[
BPF_ARRAY(tool_missed, u64, 1);
static void tool_miss(void)
{
	int zero = 0;

	tool_missed.atomic_increment(zero);
}
]]

-- Each function: its name, its head, which tests it makes, and what these need to be there. A call
-- of a helper costs even when nobody uses what it returns.
local functions = {
	{ "tool_skip_name", "static bool tool_skip_name(void)", "NAME", {
		{ "comm", "char comm[16] = {}; bpf_get_current_comm(&comm, sizeof(comm));" } } },
	{ "tool_skip_ids", "static bool tool_skip_ids(void)", "IDS", {
		{ "task", "struct task_struct *task = (struct task_struct *)bpf_get_current_task();" },
		{ "pid", "u32 pid = bpf_get_current_pid_tgid() >> 32;" },
		{ "tid", "u32 tid = bpf_get_current_pid_tgid();" },
		{ "uid", "u32 uid = bpf_get_current_uid_gid();" } } },
	{ "tool_skip_task", "static bool tool_skip_task(struct task_struct *task)", "IDS || NAME", {
		{ "pid", "u32 pid = task->tgid;" }, { "tid", "u32 tid = task->pid;" },
		{ "uid", "u32 uid = task->cred->uid.val;" },
		{ "comm", "char comm[16] = {}; bpf_probe_read_kernel(&comm, sizeof(comm), task->comm);" } } },
	{ "tool_skip", "static bool tool_skip(void)", "tool_skip_ids() || tool_skip_name()", {} },
}

local function body(item, tests)
	local text = item[3]:gsub("%u+", tests)
	local lines = { "{" }
	for _, need in ipairs(item[4]) do
		if text:find("%f[%w_]" .. need[1] .. "%f[^%w_]") then
			lines[#lines + 1] = "\t" .. need[2]
		end
	end
	lines[#lines + 1] = (#lines > 1 and "\n" or "") .. "\treturn " .. text .. ";\n}\n"
	return table.concat(lines, "\n")
end

-- The filter options as numbers that the kernel knows; raises { usage = } for what does not exist.
function filter.resolve(values)
	local ids = {}
	for _, path in ipairs(values.cgroup or {}) do
		ids[#ids + 1] = require "cgroup".id(path)
	end
	for _, name in ipairs(values.container or {}) do
		ids[#ids + 1] = require "cgroup".container(name)
	end
	values.cgroup_ids = #ids > 0 and ids or nil
	for _, name in ipairs { "pid", "net", "mnt" } do
		if values[name .. "ns"] then
			values[name .. "ns"] = require "cgroup".namespace(name, values[name .. "ns"])
		end
	end
end

-- The text's first lines as long as they are empty, comments or directives, and the rest.
local function opening(text)
	local at = 1
	repeat
		local line = text:match("^[^\n]*\n", at)
		local more = line and (line:find("^%s*$") or line:find("^%s*//")
			or line:find("^%s*#") and not line:find("\\%s*$"))
		at = at + (more and #line or 0)
	until not more
	return text:sub(1, at - 1), text:sub(at)
end

-- The tool's text, completed. Directives that it begins with stay alone on their lines.
function filter.text(values, own)
	local head, tail = { "struct task_struct; static void tool_miss(void);" }, { missed }
	local tests = { NAME = values.name and "!(" .. contains(values.name) .. ")" or "false",
		IDS = tests_of(values) }
	if values.command then
		tail[#tail + 1] = family
	end
	if values.cgroup_ids then
		local ids = {}
		for i, id in ipairs(values.cgroup_ids) do
			ids[i] = ("id == %dULL"):format(id)
		end
		tail[#tail + 1] = cgroups:format(table.concat(ids, " || "))
	end
	local all = own:find("tool_skip%s*%(")
	for _, item in ipairs(functions) do
		if own:find(item[1] .. "%s*%(") or all and item[1] ~= "tool_skip_task" then
			head[#head + 1] = item[2] .. ";"
			tail[#tail + 1] = item[2] .. "\n" .. body(item, tests)
		end
	end
	local directives, rest = opening(own)
	return directives .. table.concat(head, " ") .. " " .. rest .. table.concat(tail)
end

-- Lets the command that waits as process pid begin, and traces it.
function filter.follow(b, pid)
	b:attach_tracepoint { tp = "sched:sched_process_fork", fn_name = "tool_forked" }
	b:attach_tracepoint { tp = "sched:sched_process_exit", fn_name = "tool_exited" }
	b:get_table("tool_family"):set(pid, 1)
	sys.resume(pid)
end

return filter
