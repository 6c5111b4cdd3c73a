-- opensnoop: Trace files being opened.
local tool = require "tool"
local paths = require "paths"

local text = [[
#include <linux/fcntl.h>
struct call {
	u64 path;
	s32 dir;
	u32 flags, mode;
};
struct event {
	u64 ts;
	u32 pid, tid, uid, flags, mode;
	s32 ret;
	char comm[16];
	char path[256];
#if FULL_PATH
	char dir[TOOL_PATH_SIZE];
#endif
};
BPF_HASH(calls, u64, struct call);
BPF_RINGBUF_OUTPUT(events, TOOL_PAGES);

static inline int enter(s32 dir, u64 path, u32 flags, u32 mode)
{
	struct call call = { .dir = dir, .path = path, .flags = flags, .mode = mode };
	u64 id = bpf_get_current_pid_tgid();

	if (!tool_skip() && (FLAGS_WANTED(flags)) && calls.update(&id, &call))
		tool_miss();
	return 0;
}

/* The path is read when the call is over: then it is in memory for sure. */
static inline void show(struct call *call, u64 id, long ret)
{
	struct event *e = events.ringbuf_reserve(sizeof(*e));

	if (!e)
		return;
	e->ts = bpf_ktime_get_ns();
	e->pid = id >> 32;
	e->tid = id;
	e->uid = bpf_get_current_uid_gid();
	e->flags = call->flags;
	e->mode = call->mode;
	e->ret = ret;
	bpf_get_current_comm(&e->comm, sizeof(e->comm));
	if (bpf_probe_read_user_str(&e->path, sizeof(e->path), (void *)call->path) < 0)
		e->path[0] = 0;
#if FULL_PATH
	e->dir[0] = 0;
	if (e->path[0] != '/')
		tool_dir(call->dir, e->dir);
#endif
	events.ringbuf_submit(e, 0);
}

static inline int leave(long ret)
{
	u64 id = bpf_get_current_pid_tgid();
	struct call *call = calls.lookup(&id);

	if (call) {
		if (ret < 0 || !FAILED_ONLY)
			show(call, id, ret);
		calls.delete(&id);
	}
	return 0;
}

#ifdef HAVE_OPEN
TRACEPOINT_PROBE(syscalls, sys_enter_open)
{
	return enter(AT_FDCWD, (u64)args->filename, args->flags, args->mode);
}
TRACEPOINT_PROBE(syscalls, sys_exit_open) { return leave(args->ret); }
#endif
TRACEPOINT_PROBE(syscalls, sys_enter_openat)
{
	return enter(args->dfd, (u64)args->filename, args->flags, args->mode);
}
TRACEPOINT_PROBE(syscalls, sys_exit_openat) { return leave(args->ret); }
#ifdef HAVE_OPENAT2
TRACEPOINT_PROBE(syscalls, sys_enter_openat2)
{
	struct open_how how = {};

	bpf_probe_read_user(&how, sizeof(how), (void *)args->how);
	return enter(args->dfd, (u64)args->filename, how.flags, how.mode);
}
TRACEPOINT_PROBE(syscalls, sys_exit_openat2) { return leave(args->ret); }
#endif
]]

local flags = { O_RDONLY = "((f)&O_ACCMODE)==O_RDONLY", O_WRONLY = "((f)&O_ACCMODE)==O_WRONLY",
	O_RDWR = "((f)&O_ACCMODE)==O_RDWR" }
for name in ("CREAT EXCL NOCTTY TRUNC APPEND NONBLOCK DSYNC DIRECT LARGEFILE DIRECTORY NOFOLLOW NOATIME CLOEXEC " ..
	"PATH"):gmatch("%u+") do
	flags["O_" .. name] = ("(f)&O_%s"):format(name)
end
flags.O_SYNC, flags.O_TMPFILE = "((f)&O_SYNC)==O_SYNC", "((f)&O_TMPFILE)==O_TMPFILE"

-- A condition in C: one of these flags at least.
local function wanted(list)
	local tests = {}
	for i, name in ipairs(list or { "any" }) do
		tests[i] = name == "any" and "1" or flags[name:upper()] or flags["O_" .. name:upper()]
			or error({ usage = ("option --flag-filter: there is no flag '%s'"):format(name) }, 0)
	end
	return "((" .. table.concat(tests, ")||(") .. "))"
end

tool.run {
	name = "opensnoop",
	summary = "Trace files being opened",
	description = "Shows each call of open(), openat() and openat2() when it is over, with the path " ..
		"as the process gave it.",
	options = {
		{ "-x", "--failed", help = "only opens that failed" },
		{ "-U", "--print-uid", help = "show the user" },
		{ "-e", "--extended-fields", help = "show the flags and the mode of the call" },
		{ "-f", "--flag-filter", arg = "FLAG", type = "words", help = "only with one of these flags, O_WRONLY" },
		{ "-F", "--full-path", help = "show relative paths with their directory" },
	},
	columns = {
		{ "UID", "uid", 6, "int", when = "print_uid", help = "the user" },
		{ "PID", "pid", 7, "int", help = "the process" },
		{ "TID", "tid", 7, "int", when = "tid", help = "the thread" },
		{ "COMM", "comm", 16, "string", help = "its name" },
		{ "FD", "fd", 4, "int", right = true, help = "the descriptor, or -1" },
		{ "ERR", "err", 3, "int", right = true, help = "the error's number, or 0" },
		{ "FLAGS", "flags", 8, "int", right = true, format = "%08o", when = "extended_fields",
			help = "O_... as an octal number" },
		{ "MODE", "mode", 4, "int", right = true, format = "%04o", when = "extended_fields",
			help = "of a file that is made" },
		{ "PATH", "path", 0, "string" },
	},
	hooks = {
		{ "tracepoint:syscalls:sys_enter_open", define = "HAVE_OPEN", optional = "silent" },
		{ "tracepoint:syscalls:sys_enter_openat" },
		{ "tracepoint:syscalls:sys_enter_openat2", define = "HAVE_OPENAT2", optional = "silent" },
	},
	compatibility = {
		{ "-T", "takes a mode; -T alone shows the seconds since the start, as in BCC" },
		{ "-n, --name", "is compared in the kernel" },
		{ "-b, --buffer-pages", "is --buffer, in bytes" },
		{ "-f O_WRONLY", "does not include O_RDWR; several flags mean one of them" },
	},
	examples = {
		{ "opensnoop", "every open on this machine" },
		{ "opensnoop -x -p 181", "what process 181 fails to open" },
		{ "opensnoop -F -f O_WRONLY,O_RDWR", "what is opened to be written, with full paths" },
		{ "opensnoop -T -n main", "with timestamps, of commands named like main" },
		{ "opensnoop --json -- make", "what make and its children open, as JSON" },
	},
	check = function(options)
		options.flags_wanted = wanted(options.flag_filter)
	end,
	defines = function(options)
		return { FAILED_ONLY = options.failed or false, FULL_PATH = options.full_path or false,
			["FLAGS_WANTED(f)"] = options.flags_wanted }
	end,
	text = function(options)
		return options.full_path and paths.text .. text or text
	end,
	event = function(e, out)
		e.fd = e.ret >= 0 and e.ret or -1
		e.err = e.ret < 0 and -e.ret or 0
		if e.dir and e.dir ~= "" then
			e.path = paths.full(e.dir, e.path)
		end
		out:row(e, e.ts)
	end,
}
