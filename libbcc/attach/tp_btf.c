/*
 * tp_btf:EVENT, a raw tracepoint whose arguments the verifier knows by their types. The kernel
 * binds the program to its tracepoint when it is loaded.
 */
#include "attach/hook.h"

static int prepare(struct hook *h, struct load_spec *spec)
{
	return spec_set(h, spec, BPF_PROG_TYPE_TRACING, BPF_TRACE_RAW_TP, h->name);
}

const struct hook_kind hook_tp_btf = {
	.name = "tp_btf",
	.form = "tp_btf:EVENT",
	.what = "raw tracepoint",
	.names = KERNEL_RAW_TRACEPOINTS,
	.parse = hook_parse_name,
	.prepare = prepare,
	.attach = trace_attach,
};
