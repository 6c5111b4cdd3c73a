-- capable: Trace checks of capabilities.
local tool = require "tool"
local frames = require "frames"

local DEPTH = 32 -- frames of a stack

local text = [[
struct event {
	u64 ts;
	u32 pid, tid, uid;
	s32 cap, opts, ret; /* -1: opts unknown, 1: ret unknown */
	char comm[16];
#if KERNEL_STACKS
	u64 kernel_stack[DEPTH];
#endif
#if USER_STACKS
	u64 user_stack[DEPTH];
#endif
};
enum { NOAUDIT = 2, INSETID = 4 };
struct known {
	u32 pid;
	s32 cap;
};
BPF_TABLE("lru_hash", struct known, u8, seen, 10240);
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

static inline bool repeated(u32 pid, s32 cap)
{
	struct known key = { .pid = pid, .cap = cap };
	u8 one = 1;

	if (seen.lookup(&key))
		return true;
	seen.update(&key, &one);
	return false;
}

static inline int check(void *ctx, s32 cap, s32 opts, s32 ret)
{
	u64 id = bpf_get_current_pid_tgid();
	struct event *e;

	if (tool_skip() || (!WITH_NOAUDIT && opts > 0 && opts & NOAUDIT) || (DENIED_ONLY && !ret) ||
	    (UNIQUE && repeated(id >> 32, cap)))
		return 0;
	e = events.ringbuf_reserve(sizeof(*e));
	if (!e)
		return 0;
	e->ts = bpf_ktime_get_ns();
	e->pid = id >> 32;
	e->tid = id;
	e->uid = bpf_get_current_uid_gid();
	e->cap = cap;
	e->opts = opts;
	e->ret = ret;
	bpf_get_current_comm(&e->comm, sizeof(e->comm));
#if KERNEL_STACKS
	__builtin_memset(e->kernel_stack, 0, sizeof(e->kernel_stack));
	bpf_get_stack(ctx, e->kernel_stack, sizeof(e->kernel_stack), 0);
#endif
#if USER_STACKS
	__builtin_memset(e->user_stack, 0, sizeof(e->user_stack));
	bpf_get_stack(ctx, e->user_stack, sizeof(e->user_stack), BPF_F_USER_STACK);
#endif
	events.ringbuf_submit(e, 0);
	return 0;
}

#ifdef AT_FEXIT
KRETFUNC_PROBE(cap_capable, const struct cred *cred, struct user_namespace *ns, int cap, unsigned int opts, int ret)
{
	return check(ctx, cap, opts, ret);
}
#elif defined(AT_KPROBE)
int on_capable(struct pt_regs *ctx, const struct cred *cred, struct user_namespace *ns, int cap, unsigned int opts)
{
	return check(ctx, cap, opts, 1);
}
#else
int on_capable_event(struct tracepoint__capability__cap_capable *args)
{
	return check(args, args->cap, -1, args->ret);
}
#endif
]]

local names = { [0] = "CHOWN", "DAC_OVERRIDE", "DAC_READ_SEARCH", "FOWNER", "FSETID", "KILL", "SETGID", "SETUID",
	"SETPCAP", "LINUX_IMMUTABLE", "NET_BIND_SERVICE", "NET_BROADCAST", "NET_ADMIN", "NET_RAW", "IPC_LOCK",
	"IPC_OWNER", "SYS_MODULE", "SYS_RAWIO", "SYS_CHROOT", "SYS_PTRACE", "SYS_PACCT", "SYS_ADMIN", "SYS_BOOT",
	"SYS_NICE", "SYS_RESOURCE", "SYS_TIME", "SYS_TTY_CONFIG", "MKNOD", "LEASE", "AUDIT_WRITE", "AUDIT_CONTROL",
	"SETFCAP", "MAC_OVERRIDE", "MAC_ADMIN", "SYSLOG", "WAKE_ALARM", "BLOCK_SUSPEND", "AUDIT_READ", "PERFMON",
	"BPF", "CHECKPOINT_RESTORE" }

local function digit(value)
	return value and "1" or "0"
end

tool.run {
	name = "capable",
	summary = "Trace checks of capabilities",
	description = "Shows each time the kernel asks whether a process has a capability, with the user it runs as. " ..
		"Checks that are not audited are tries that may fail without harm; they are left out without --all.",
	options = {
		{ "-a", "--all", help = "include checks that are not audited" },
		{ "-x", "--extra", help = "show the thread, and whether it is for a change of ids" },
		{ "-K", "--kernel-stack", help = "show where in the kernel it is asked" },
		{ "-U", "--user-stack", help = "show where in the process" },
		{ false, "--unique", help = "each capability once per process" },
		{ false, "--denied", help = "only what was refused" },
	},
	columns = {
		{ "UID", "uid", 6, "int", help = "the user" },
		{ "PID", "pid", 6, "int" },
		{ "TID", "tid", 6, "int", when = "extra" },
		{ "COMM", "comm", 16, "string" },
		{ "CAP", "cap", 4, "int", help = "the number of the capability" },
		{ "NAME", "name", 20, "string", help = "its name" },
		{ "AUDIT", "audit", 6, "bool", format = digit, help = "whether a refusal is audited" },
		{ "INSETID", "insetid", 7, "bool", when = "extra", format = digit, help = "asked by setuid() and the like" },
		{ "GRANTED", "granted", 7, "bool", wide = true, format = digit, help = "whether the process has it" },
		{ false, "kernel_stack", 0, "array" },
		{ false, "user_stack", 0, "array" },
	},
	-- The event does not say which checks are audited: it comes last.
	hooks = function(options)
		local kprobe = { "kprobe:cap_capable", fn = "on_capable", define = "AT_KPROBE" }
		local event = { "tracepoint:capability:cap_capable", fn = "on_capable_event" }
		-- A kprobe at the beginning does not know the answer.
		return { { { "fexit:cap_capable", fn = "kretfunc__vmlinux__cap_capable", define = "AT_FEXIT" },
			options.denied and event or kprobe, not options.denied and event or nil } }
	end,
	compatibility = {
		{ "TIME", "is shown with -T" },
		{ "-v, --verbose", "is -a, --all" },
		{ "--unique", "is by process, also with --cgroup" },
	},
	examples = {
		{ "capable -T=abs", "every check, with the time of day" },
		{ "capable --unique -- ping -c 1 ::1", "what ping needs to be allowed to" },
		{ "capable --denied -K -n nginx", "what nginx is refused, and where in the kernel" },
	},
	defines = function(options)
		return { WITH_NOAUDIT = options.all or false, UNIQUE = options.unique or false,
			DENIED_ONLY = options.denied or false, KERNEL_STACKS = options.kernel_stack or false,
			USER_STACKS = options.user_stack or false, DEPTH = DEPTH }
	end,
	text = text,
	attached = function(b, out, options)
		for _, program in ipairs(b:programs()) do
			if program.name == "on_capable_event" and not options.all then
				out:warn("this kernel does not say here which checks are audited: all are shown")
			end
		end
	end,
	event = function(e, out)
		e.name = names[e.cap] or tostring(e.cap)
		if e.opts >= 0 then
			e.audit, e.insetid = e.opts & 2 == 0, e.opts & 4 ~= 0
		end
		if e.ret <= 0 then
			e.granted = e.ret == 0
		end
		e.kernel_stack = e.kernel_stack and frames.kernel(e.kernel_stack)
		e.user_stack = e.user_stack and frames.user(e.pid, e.user_stack)
		out:row(e, e.ts)
		frames.show(out, e.kernel_stack or {})
		frames.show(out, e.user_stack or {})
	end,
}
