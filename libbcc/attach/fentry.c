/*
 * fentry:FUNCTION and fexit:FUNCTION. The kernel binds such a program to its function when it is
 * loaded, so attaching has nothing left to name.
 *
 * A program that was written as a kprobe is compiled anew for these: its context is another one.
 */
#include <errno.h>
#include <stdio.h>

#include <bpf/bpf.h>

#include "attach/hook.h"

#define ENOTSUPP 524 /* the kernel's own, in no header */

/* "PROG=fentry:FN" or "PROG=fexit:FN:NARGS", see compile/compile.h. */
int fentry_retarget(struct hook *h, const char *function, bool ret, struct load_spec *spec)
{
	struct kernel *k;
	int err, args = 0;

	err = context_kernel(h->ctx, &k);
	if (err)
		return err;
	if (ret) {
		args = kernel_function_args(k, function);
		if (args < 0)
			return hook_missing(h);
	}
	err = ret ? asprintf(&spec->retarget, "%s=fexit:%s:%d", h->prog->name, function, args) :
		     asprintf(&spec->retarget, "%s=fentry:%s", h->prog->name, function);
	if (err < 0) {
		spec->retarget = NULL;
		return diag_fail(h->ctx, -ENOMEM, "memory", "out of memory");
	}
	return 0;
}

static int prepare(struct hook *h, struct load_spec *spec)
{
	bool ret = h->kind == &hook_fexit;
	int err = 0;

	if (bpf_program__type(h->prog->bp) == BPF_PROG_TYPE_KPROBE)
		err = fentry_retarget(h, h->name, ret, spec);
	return err ? err : spec_set(h, spec, BPF_PROG_TYPE_TRACING,
				    ret ? BPF_TRACE_FEXIT : BPF_TRACE_FENTRY, h->name);
}

static const char *mechanism(const struct program_load *load)
{
	switch (load->expected) {
	case BPF_TRACE_FENTRY:
		return "fentry link";
	case BPF_TRACE_FEXIT:
		return "fexit link";
	default:
		return "tp_btf link";
	}
}

int trace_attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .tracing.cookie = h->opts.cookie);
	/* Without options libbpf falls back to the older call where links are not known. */
	int fd = bpf_link_create(load->fd, 0, load->expected, h->opts.cookie ? &opts : NULL);

	if (fd == -ENOTSUPP)
		return diag_fail(
			h->ctx, BCC_ERR_KERNEL, "refused",
			"this kernel cannot attach program '%s' to %s: it has no trampolines "
			"for its functions",
			h->prog->name, h->text);
	return fd < 0 ? hook_failed(h, fd, NULL) : attachment_link(h, out, fd, mechanism(load));
}

const struct hook_kind hook_fentry = {
	.name = "fentry",
	.form = "fentry:FUNCTION",
	.what = "function",
	.names = KERNEL_FUNCTIONS,
	.parse = hook_parse_name,
	.prepare = prepare,
	.attach = trace_attach,
};

const struct hook_kind hook_fexit = {
	.name = "fexit",
	.form = "fexit:FUNCTION",
	.what = "function",
	.names = KERNEL_FUNCTIONS,
	.parse = hook_parse_name,
	.prepare = prepare,
	.attach = trace_attach,
};
