-- oomkill: Trace processes being killed because memory ran out.
local tool = require "tool"
local names = require "names"

-- out_of_memory() calls mark_victim for each process that it chooses; its argument says what was
-- looked for. It may be called and kill nobody, so the event alone counts.
local text = [[
#include <linux/oom.h>
struct event {
	u64 ts, pages, total_vm, anon_rss, file_rss, shmem_rss; /* KiB but pages */
	u32 pid, victim;
	s32 adj;
	u8 has_comm, has_sizes;
	char comm[16];
	char victim_comm[16];
};
BPF_TABLE("lru_hash", u64, struct oom_control *, running, 1024);
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

#ifdef HAVE_CONTROL
int on_out_of_memory(struct pt_regs *ctx, struct oom_control *control)
{
	u64 id = bpf_get_current_pid_tgid();

	if (running.update(&id, &control))
		tool_miss();
	return 0;
}
#endif

static inline void control_of(struct event *e, u64 id)
{
	struct oom_control **control = running.lookup(&id);
	struct task_struct *chosen;

	if (!control)
		return;
	e->pages = (*control)->totalpages;
	chosen = (*control)->chosen;
	if (chosen && chosen->tgid == e->victim) {
		e->adj = chosen->signal->oom_score_adj;
		bpf_probe_read_kernel(&e->victim_comm, sizeof(e->victim_comm), chosen->comm);
		e->has_comm = 1;
	}
}

TRACEPOINT_PROBE(oom, mark_victim)
{
	u64 id = bpf_get_current_pid_tgid();
	struct event e = { .ts = bpf_ktime_get_ns(), .pid = id >> 32, .victim = args->pid };

	bpf_get_current_comm(&e.comm, sizeof(e.comm));
	control_of(&e, id);
#ifdef HAVE_SIZES
	TP_DATA_LOC_READ_STR(&e.victim_comm, comm, sizeof(e.victim_comm));
	e.has_comm = e.has_sizes = 1;
	e.adj = args->oom_score_adj;
	e.total_vm = args->total_vm;
	e.anon_rss = args->anon_rss;
	e.file_rss = args->file_rss;
	e.shmem_rss = args->shmem_rss;
#endif
	events.ringbuf_output(&e, sizeof(e), 0);
	return 0;
}
]]

local function loadavg()
	local file = io.open("/proc/loadavg")
	local line = file and file:read("l")
	if file then
		file:close()
	end
	return line
end

local function mebibytes(bytes)
	return ("%.1f"):format(bytes / (1 << 20))
end

tool.run {
	name = "oomkill",
	summary = "Trace processes being killed because memory ran out",
	description = "Shows who asked for the memory that was not there, and which process the kernel kills for it; " ..
		"also within a cgroup that reached its limit. PAGES is the memory in all that there is for them: the " ..
		"machine's, or what the cgroup may have.",
	filters = {},
	defaults = { timestamp = "abs" },
	columns = {
		{ "PID", "pid", 7, "int", help = "who asked for memory" },
		{ "COMM", "comm", 16, "string" },
		{ "VICTIM", "victim_pid", 7, "int", help = "who is killed" },
		{ "VCOMM", "victim_comm", 16, "string", help = "its name" },
		{ "PAGES", "pages", 9, "int", right = true, help = "of memory and swap, in all" },
		{ "RSS(MiB)", "rss_bytes", 9, "int", right = true, format = mebibytes, help = "what the victim has in memory" },
		{ "ADJ", "oom_score_adj", 5, "int", right = true, help = "how willingly it is chosen, -1000 to 1000" },
		{ false, "total_vm_bytes", 12, "int", help = "the size of the victim" },
		{ false, "anon_rss_bytes", 12, "int", help = "its memory without a file" },
		{ "LOADAVG", "loadavg", 0, "string", help = "/proc/loadavg" },
	},
	hooks = {
		{ "tracepoint:oom:mark_victim" },
		{ "kprobe:out_of_memory", fn = "on_out_of_memory", define = "HAVE_CONTROL", optional = true,
			without = "PAGES is not known" },
	},
	compatibility = { { "the sentence", "is a line of a table, with the time first" } },
	examples = {
		{ "oomkill", "every such kill, with the time of day" },
		{ "oomkill --json -o /var/log/oomkill.json", "the same into a file, for a machine to read" },
	},
	defines = function(_, kernel)
		return { HAVE_SIZES = kernel:has_member("struct trace_event_raw_mark_victim", "anon_rss") and true or nil }
	end,
	text = text,
	event = function(e, out)
		local sized = e.has_sizes ~= 0
		out:row({
			pid = e.pid, comm = e.comm, victim_pid = e.victim,
			victim_comm = e.has_comm ~= 0 and e.victim_comm or names.comm(e.victim),
			pages = e.pages > 0 and e.pages or nil,
			oom_score_adj = (e.has_comm ~= 0 or nil) and e.adj,
			total_vm_bytes = sized and e.total_vm << 10 or nil,
			anon_rss_bytes = sized and e.anon_rss << 10 or nil,
			rss_bytes = sized and e.anon_rss + e.file_rss + e.shmem_rss << 10 or nil,
			loadavg = loadavg(),
		}, e.ts)
	end,
}
