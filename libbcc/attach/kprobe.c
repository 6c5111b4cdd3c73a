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

#include "attach/instead.h"
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

/* PREFIXname, malloc()ed, with the prefix for which BTF has PREFIXwitness; NULL when none has. */
static char *prefixed(struct kernel *k, const char *witness, const char *name)
{
	char *function;
	bool found;

	for (size_t i = 0; i < N_PREFIXES; i++) {
		if (asprintf(&function, "%s%s", syscall_prefixes[i], witness) < 0)
			return NULL;
		found = kernel_has_function(k, function);
		free(function);
		if (found)
			return asprintf(&function, "%s%s", syscall_prefixes[i], name) < 0 ?
				       NULL : function;
	}
	return NULL;
}

/*
 * The function that enters a system call on this machine, NULL when there is none. BTF leaves out
 * those of calls without arguments; their prefix is that of bpf(), which every kernel here has.
 */
static char *syscall_function(struct kernel *k, const char *name)
{
	char *function = prefixed(k, name, name);

	return function ? function : prefixed(k, "bpf", name);
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

/* "syscalls:sys_enter_NAME" for a system call's function, malloc()ed; NULL for any other. */
static char *syscall_tracepoint(const struct hook *h)
{
	char *name;

	for (size_t i = 0; i < N_PREFIXES; i++) {
		size_t n = strlen(syscall_prefixes[i]);

		if (!strncmp(h->name, syscall_prefixes[i], n))
			return asprintf(&name, "syscalls:sys_%s_%s",
					is_return(h) ? "exit" : "enter", h->name + n) < 0 ?
				       NULL : name;
	}
	return NULL;
}

/* Whether tracefs has "CATEGORY:EVENT". */
static bool has_tracepoint(void *kernel, const char *name)
{
	struct kernel *k = kernel;
	const char *colon = strchr(name, ':');
	char *path, text[32];
	bool found;

	if (!kernel_tracefs(k) || asprintf(&path, "%s/events/%.*s/%s/id", kernel_tracefs(k),
					   (int)(colon - name), name, colon + 1) < 0)
		return false;
	found = read_small_file(path, text, sizeof(text)) >= 0;
	free(path);
	return found;
}

/* A tracepoint that tells about the same as the function, NULL when none comes to mind. */
static char *tracepoint_instead(struct hook *h, struct kernel *k)
{
	char *wanted = syscall_tracepoint(h);
	const char *known;

	if (wanted && has_tracepoint(k, wanted))
		return wanted;
	free(wanted);
	known = instead_of_function(h->name, has_tracepoint, k);
	return known ? strdup(known) : NULL;
}

/* Whether the function exists: BTF leaves out those of system calls without arguments. */
static bool exists(struct hook *h, struct kernel *k, bool *in_btf)
{
	char *tracepoint;
	bool found;

	*in_btf = kernel_has_function(k, h->name);
	if (*in_btf)
		return true;
	tracepoint = syscall_tracepoint(h);
	found = tracepoint && has_tracepoint(k, tracepoint);
	free(tracepoint);
	return found;
}

static char *advice(struct hook *h, struct kernel *k)
{
	char *other = tracepoint_instead(h, k), *text;
	int n;

	if (other)
		n = asprintf(&text, "use a tracepoint instead, e.g. tracepoint:%s", other);
	else
		n = asprintf(&text, "use a tracepoint, raw_tp, perf or uprobe hook instead");
	free(other);
	return n < 0 ? NULL : text;
}

static int as_fentry(struct hook *h, struct kernel *k, struct load_spec *spec)
{
	bool ret = is_return(h);
	bool native = bpf_program__type(h->prog->bp) == BPF_PROG_TYPE_TRACING;
	bool in_btf;
	int err;

	if (!exists(h, k, &in_btf))
		return hook_missing(h);
	spec->lead = strdup("this kernel has no kprobes");
	spec->instead = advice(h, k);
	if (!spec->lead || !spec->instead)
		return diag_fail(h->ctx, -ENOMEM, "memory", "out of memory");
	if (!in_btf)
		return diag_fail_hint(h->ctx, BCC_ERR_KERNEL, "no-kprobes", spec->instead,
				      "%s, and its BTF does not describe %s, so fentry cannot stand "
				      "in for %s", spec->lead, h->name, h->text);
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
