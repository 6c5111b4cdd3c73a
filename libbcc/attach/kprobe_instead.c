/*
 * What stands in for a kprobe on a kernel without kprobes: the same program as fentry or fexit, and
 * when the kernel takes that neither, the name of a tracepoint that tells about the same.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/instead.h"
#include "attach/kprobe.h"
#include "attach/perf_event.h"
#include "attach/syscall_name.h"

/* "syscalls:sys_enter_NAME" for a system call's function, malloc()ed; NULL for any other. */
static char *syscall_tracepoint(const struct hook *h)
{
	const char *call = syscall_of(h->name);
	char *name;

	if (!call || asprintf(&name, "syscalls:sys_%s_%s", kprobe_is_return(h) ? "exit" : "enter",
			      call) < 0)
		return NULL;
	return name;
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

int kprobe_as_fentry(struct hook *h, struct kernel *k, struct load_spec *spec)
{
	bool ret = kprobe_is_return(h);
	bool native = bpf_program__type(h->prog->bp) == BPF_PROG_TYPE_TRACING;
	bool in_btf;
	int err;

	if (h->is_glob)
		return diag_fail_hint(h->ctx, BCC_ERR_KERNEL, "no-kprobes",
				      "attach to single functions, or to tracepoints: "
				      "tracepoint:CATEGORY:GLOB", "this kernel has no kprobes, and fentry "
				      "cannot stand in for a pattern (%s)", h->text);
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
	if (h->number && h->kind == &hook_kprobe)
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
