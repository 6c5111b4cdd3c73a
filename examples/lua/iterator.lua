-- All tasks of the system, as a BPF iterator writes them: read line by line like a file.
local bcc = require "bcc"

local b <close> = bcc.BPF:new { attach = false, text = [[
SEC("iter/task") int tasks(struct bpf_iter__task *ctx)
{
	struct task_struct *task = ctx->task;

	if (task && task->pid == task->tgid)
		BPF_SEQ_PRINTF(ctx->meta->seq, "%d %d %s\n", task->tgid, task->real_parent->tgid, task->comm);
	return 0;
}
]] }

local link <close> = b:attach_iter { target = "task", fn_name = "tasks" }
local children = {}
for line in link:open():lines() do
	local parent = tonumber(line:match("^%d+ (%d+)"))
	children[parent] = (children[parent] or 0) + 1
end
local parents = {}
for pid in pairs(children) do
	parents[#parents + 1] = pid
end
table.sort(parents)
print("PARENT", "PROCESSES")
for i = 1, math.min(#parents, 10) do
	print(parents[i], children[parents[i]])
end
