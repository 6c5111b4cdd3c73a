/*
 * kprobe, kretprobe, ksyscall and kretsyscall: any instruction of a kernel function, or its return,
 * through the kernel's kprobe event source (4.17).
 *
 * On a kernel without kprobes the program is compiled anew as fentry or fexit and bound to the same
 * function. When the kernel takes that neither, the diagnostic names the tracepoints that are near.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/perf_event.h"

/* What an architecture puts in front of a system call's name, the plain form last. */
static const char *const syscall_prefixes[] = {
	"__x64_sys_", "__arm64_sys_", "__s390x_sys_", "__riscv_sys_", "__se_sys_", "sys_",
};

#define N_PREFIXES (sizeof(syscall_prefixes) / sizeof(*syscall_prefixes))

static bool is_return(const struct hook *h)
{
	return h->kind == &hook_kretprobe || h->kind == &hook_kretsyscall;
}

static bool is_syscall(const struct hook *h)
{
	return h->kind == &hook_ksyscall || h->kind == &hook_kretsyscall;
}

static int parse(struct hook *h)
{
	int err = hook_parse_offset(h, h->arg);

	if (err)
		return err;
	if (strpbrk(h->name, " \t:/*?") || (h->number && h->kind != &hook_kprobe))
		return -EINVAL;
	return 0;
}

/* The function that enters a system call on this machine, malloc()ed; NULL when there is none. */
static char *syscall_function(struct kernel *k, const char *name)
{
	char *function;

	for (size_t i = 0; i < N_PREFIXES; i++) {
		if (asprintf(&function, "%s%s", syscall_prefixes[i], name) < 0)
			return NULL;
		if (kernel_has_function(k, function))
			return function;
		free(function);
	}
	return NULL;
}

/* Turns the name of a system call into its function's. */
static int find_function(struct hook *h, struct kernel *k)
{
	char *function;

	if (!is_syscall(h) || h->flag)
		return 0;
	function = syscall_function(k, h->name);
	if (!function)
		return hook_missing(h);
	free(h->name);
	h->name = function;
	h->flag = true; /* done */
	return 0;
}

/* Tracepoints that tell about the same as a function, "" or NULL when none comes to mind. */
static char *near_tracepoints(struct hook *h, struct kernel *k)
{
	const char *when = is_return(h) ? "exit" : "enter";
	char *wanted, *near, *path;

	for (size_t i = 0; i < N_PREFIXES; i++) {
		size_t n = strlen(syscall_prefixes[i]);
		const char *call = h->name + n, *tracefs = kernel_tracefs(k);
		bool exists;

		if (strncmp(h->name, syscall_prefixes[i], n) || !tracefs ||
		    asprintf(&wanted, "syscalls:sys_%s_%s", when, call) < 0)
			continue;
		if (asprintf(&path, "%s/events/syscalls/%s/id", tracefs,
			     wanted + strlen("syscalls:")) < 0) {
			free(wanted);
			break;
		}
		exists = read_small_file(path, (char[32]){ 0 }, 32) >= 0;
		free(path);
		if (exists)
			return wanted;
		near = kernel_near(k, KERNEL_TRACEPOINTS, wanted, 3);
		free(wanted);
		return near;
	}
	return kernel_near(k, KERNEL_TRACEPOINTS, h->name, 3);
}

static char *advice(struct hook *h, struct kernel *k)
{
	char *near = near_tracepoints(h, k), *text;
	int n;

	if (near && *near)
		n = asprintf(&text, "use a tracepoint instead, e.g. tracepoint:%s", near);
	else
		n = asprintf(&text, "use a tracepoint, raw_tp, perf or uprobe hook instead");
	free(near);
	return n < 0 ? NULL : text;
}

static int as_fentry(struct hook *h, struct kernel *k, struct load_spec *spec)
{
	bool ret = is_return(h);
	bool native = bpf_program__type(h->prog->bp) == BPF_PROG_TYPE_TRACING;
	int err;

	if (!kernel_has_function(k, h->name))
		return hook_missing(h);
	spec->lead = strdup("this kernel has no kprobes");
	spec->instead = advice(h, k);
	if (!spec->lead || !spec->instead)
		return diag_fail(h->ctx, -ENOMEM, "memory", "out of memory");
	if (h->number)
		return diag_fail_hint(h->ctx, BCC_ERR_KERNEL, "no-kprobes", spec->instead,
				      "%s, and fentry cannot stand in for an offset (%s)",
				      spec->lead, h->text);
	if (!native && !*h->prog->mod->text)
		return diag_fail_hint(h->ctx, BCC_ERR_KERNEL, "no-kprobes", spec->instead,
				      "%s, and without its text program '%s' cannot be compiled as "
				      "fentry instead", spec->lead, h->prog->name);
	err = native ? 0 : fentry_retarget(h, h->name, ret, spec);
	return err ? err : spec_set(h, spec, BPF_PROG_TYPE_TRACING,
				    ret ? BPF_TRACE_FEXIT : BPF_TRACE_FENTRY, h->name);
}

static int prepare(struct hook *h, struct load_spec *spec)
{
	struct kernel *k;
	int err;

	err = context_kernel(h->ctx, &k);
	if (!err)
		err = find_function(h, k);
	if (err)
		return err;
	if (!kernel_has_kprobes(k))
		return as_fentry(h, k, spec);
	return spec_set(h, spec, BPF_PROG_TYPE_KPROBE, 0, NULL);
}

static int fallback(struct hook *h, struct load_spec *spec)
{
	struct kernel *k;
	int err = context_kernel(h->ctx, &k);

	return err ? err : as_fentry(h, k, spec);
}

static int attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	struct perf_event_attr attr = { .sample_period = 1, .wakeup_events = 1 };
	int fd, type;

	if (load->type == BPF_PROG_TYPE_TRACING)
		return trace_attach(h, load, out);

	type = perf_source_type("kprobe");
	if (type == -ENOENT)
		return -EOPNOTSUPP;
	if (type < 0)
		return hook_failed(h, type, NULL);
	attr.type = type;
	attr.config = is_return(h) ? perf_source_return_bit("kprobe") : 0;
	attr.kprobe_func = (uintptr_t)h->name;
	attr.probe_offset = h->number;
	fd = perf_open(&attr, -1, 0);
	switch (fd) {
	case -EOPNOTSUPP:
	case -ENODEV:
		return -EOPNOTSUPP;
	case -ENOENT:
		return hook_missing(h);
	case -EINVAL:
	case -EILSEQ:
	case -EADDRNOTAVAIL:
		return hook_failed(h, fd, h->number ? "the offset must be that of an instruction" :
				   "the kernel allows no probe on this function; see "
				   "/sys/kernel/debug/kprobes/blacklist");
	}
	return fd < 0 ? hook_failed(h, fd, NULL) : perf_attach_single(h, load, fd, out);
}

const struct hook_kind hook_kprobe = {
	.name = "kprobe",
	.form = "kprobe:FUNCTION[+OFFSET]",
	.what = "function",
	.names = KERNEL_FUNCTIONS,
	.parse = parse,
	.prepare = prepare,
	.attach = attach,
	.fallback = fallback,
};

const struct hook_kind hook_kretprobe = {
	.name = "kretprobe",
	.form = "kretprobe:FUNCTION",
	.what = "function",
	.names = KERNEL_FUNCTIONS,
	.parse = parse,
	.prepare = prepare,
	.attach = attach,
	.fallback = fallback,
};

const struct hook_kind hook_ksyscall = {
	.name = "ksyscall",
	.form = "ksyscall:NAME",
	.what = "system call",
	.names = KERNEL_FUNCTIONS,
	.parse = parse,
	.prepare = prepare,
	.attach = attach,
	.fallback = fallback,
};

const struct hook_kind hook_kretsyscall = {
	.name = "kretsyscall",
	.form = "kretsyscall:NAME",
	.what = "system call",
	.names = KERNEL_FUNCTIONS,
	.parse = parse,
	.prepare = prepare,
	.attach = attach,
	.fallback = fallback,
};
