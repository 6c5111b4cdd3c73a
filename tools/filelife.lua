-- filelife: Trace files that are removed soon after they were created.
local tool = require "tool"

-- The security hooks get the same arguments in all kernels, those of vfs_create() and vfs_unlink()
-- have changed more than once. An unlink is kept until its result is known.
local text = [[
struct event {
	u64 ts, age_ns;
	u32 pid, tid;
	char comm[16];
	char file[128];
	struct dentry *dentry;
};
BPF_TABLE("lru_hash", struct dentry *, u64, births, 65536);
BPF_HASH(unlinks, u64, struct event);
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

int on_create(struct pt_regs *ctx, struct inode *dir, struct dentry *dentry)
{
	u64 now = bpf_ktime_get_ns();

	births.update(&dentry, &now);
	return 0;
}

int on_unlink(struct pt_regs *ctx, struct inode *dir, struct dentry *dentry)
{
	u64 id = bpf_get_current_pid_tgid(), *birth = births.lookup(&dentry);
	struct event e = { .ts = bpf_ktime_get_ns(), .pid = id >> 32, .tid = id, .dentry = dentry };

	if (!birth || tool_skip())
		return 0;
	e.age_ns = e.ts - *birth;
	bpf_get_current_comm(&e.comm, sizeof(e.comm));
	bpf_probe_read_kernel_str(&e.file, sizeof(e.file), dentry->d_name.name);
	if (unlinks.update(&id, &e))
		tool_miss();
	return 0;
}

int on_unlinked(struct pt_regs *ctx)
{
	u64 id = bpf_get_current_pid_tgid();
	struct event *e = unlinks.lookup(&id);

	if (!e)
		return 0;
	if ((int)PT_REGS_RC(ctx) == 0) {
		struct dentry *dentry = e->dentry;

		births.delete(&dentry);
		events.ringbuf_output(e, sizeof(*e), 0);
	}
	unlinks.delete(&id);
	return 0;
}
]]

tool.run {
	name = "filelife",
	summary = "Trace files that are removed soon after they were created",
	description = "Shows each file that is removed, if it was created after the tool began: how old " ..
		"it became, and who removed it.",
	columns = {
		{ "PID", "pid", 7, "int", help = "the process that removed it" },
		{ "TID", "tid", 7, "int", when = "tid" },
		{ "COMM", "comm", 16, "string" },
		{ "AGE(s)", "age_ns", 7, "int", right = true, scale = 1e9, format = "%.2f", help = "since it was created" },
		{ "FILE", "file", 0, "string", help = "its name, without directories" },
	},
	hooks = {
		{ "kprobe:security_inode_create", fn = "on_create" },
		{ "kprobe:security_inode_unlink", fn = "on_unlink" },
		{ "kretprobe:vfs_unlink", fn = "on_unlinked" },
	},
	compatibility = {
		{ "TIME", "is shown with -T=abs" },
		{ "-p PID", "is the process that removes the file" },
	},
	examples = {
		{ "filelife", "files that came and went" },
		{ "filelife -T=abs -n cc1", "those that commands named like cc1 remove, with the time" },
		{ "filelife --json -- make", "below make, as JSON" },
	},
	text = text,
	event = function(e, out)
		out:row(e, e.ts)
	end,
}
