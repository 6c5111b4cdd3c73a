-- bashreadline: Trace the lines that are typed into bash.
local tool = require "tool"

local text = [[
struct event {
	u64 ts;
	u32 pid, uid;
	char command[512];
};
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

/* readline() is a function of many programs when it is in a library of its own. */
static inline bool is_bash(char *comm)
{
	return comm[0] == 'b' && comm[1] == 'a' && comm[2] == 's' && comm[3] == 'h' && !comm[4];
}

int on_line(struct pt_regs *ctx)
{
	char comm[16] = {};
	struct event *e;

	bpf_get_current_comm(&comm, sizeof(comm));
	if (!PT_REGS_RC(ctx) || (ONLY_BASH && !is_bash(comm)) || tool_skip())
		return 0;
	e = events.ringbuf_reserve(sizeof(*e));
	if (!e)
		return 0;
	e->ts = bpf_ktime_get_ns();
	e->pid = bpf_get_current_pid_tgid() >> 32;
	e->uid = bpf_get_current_uid_gid();
	if (bpf_probe_read_user_str(&e->command, sizeof(e->command), (void *)PT_REGS_RC(ctx)) < 0)
		e->command[0] = 0;
	events.ringbuf_submit(e, 0);
	return 0;
}
]]

tool.run {
	name = "bashreadline",
	summary = "Trace the lines that are typed into bash",
	description = "Shows each line that bash reads with readline(): what is typed into an interactive shell, " ..
		"not what it reads out of scripts. The first 511 bytes of a line are shown.\n\nbash has the " ..
		"function readline itself in most distributions, in others it is in libreadline.",
	options = {
		{ "-s", "--shared", arg = "FILE", type = "string",
			help = "the program or library that has the function" },
	},
	columns = {
		{ "PID", "pid", 7, "int", help = "the shell" },
		{ false, "uid", 6, "int", help = "its user" },
		{ "COMMAND", "command", 0, "string", help = "the line" },
	},
	defaults = { timestamp = "abs" },
	hooks = function(options)
		if options.shared then
			return { { ("uretprobe:%s:readline"):format(options.shared), fn = "on_line", pid = true } }
		end
		return { { "uretprobe:/bin/bash:readline", "uretprobe:bash:readline", "uretprobe:readline:readline",
			fn = "on_line", pid = true } }
	end,
	compatibility = {
		{ "-s", "may be any file; without it bash itself is tried before libreadline" },
	},
	examples = {
		{ "bashreadline", "every line of every shell" },
		{ "bashreadline -u 1000", "of one user" },
		{ "bashreadline -s /usr/local/bin/bash", "of another bash" },
	},
	defines = function(options)
		return { ONLY_BASH = not options.shared }
	end,
	text = text,
	event = function(e, out)
		out:row(e, e.ts)
	end,
}
