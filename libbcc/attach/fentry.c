/*
 * fentry:FUNCTION and fexit:FUNCTION. The kernel binds such a program to its function when it is
 * loaded, so attaching has nothing left to name.
 *
 * A program that was written as a kprobe is compiled anew for these: its context is another one.
 */
#include <errno.h>
#include <stdio.h>

#include "attach/hook.h"
#include "context/libbpf.h"

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

int trace_attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	LIBBPF_OPTS(bpf_trace_opts, opts, .cookie = h->opts.cookie);
	struct libbpf_call call;
	int err = attachment_reserve(h, out, 1);

	if (err)
		return err;
	libbpf_enter(&call);
	/* Without a cookie the call also works on kernels before 5.18, which have none. */
	out->links[0] = bpf_program__attach_trace_opts(load->bp, h->opts.cookie ? &opts : NULL);
	if (!out->links[0])
		err = libbpf_error(-errno);
	libbpf_leave(&call);
	libbpf_call_free(&call);
	out->n = !err;
	out->mechanism = load->expected == BPF_TRACE_FENTRY ? "fentry link" :
			 load->expected == BPF_TRACE_FEXIT ? "fexit link" : "tp_btf link";
	if (!err)
		return 0;
	attachment_destroy(out);
	return hook_failed(h, err == -524 ? BCC_ERR_KERNEL : err, NULL);
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
