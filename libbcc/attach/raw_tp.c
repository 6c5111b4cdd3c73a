/*
 * raw_tp:EVENT, a tracepoint with its raw arguments: the cheapest of all, and it needs no tracefs.
 */
#include <errno.h>

#include "attach/hook.h"
#include "context/libbpf.h"

static int prepare(struct hook *h, struct load_spec *spec)
{
	return spec_set(h, spec, BPF_PROG_TYPE_RAW_TRACEPOINT, 0, NULL);
}

static int attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	struct libbpf_call call;
	int err = attachment_reserve(h, out, 1);

	if (err)
		return err;
	libbpf_enter(&call);
	out->links[0] = bpf_program__attach_raw_tracepoint(load->bp, h->name);
	if (!out->links[0])
		err = libbpf_error(-errno);
	libbpf_leave(&call);
	libbpf_call_free(&call);
	out->n = !err;
	out->mechanism = "raw tracepoint link";
	if (!err)
		return 0;
	attachment_destroy(out);
	return err == -ENOENT ? hook_missing(h) : hook_failed(h, err, NULL);
}

const struct hook_kind hook_raw_tp = {
	.name = "raw_tp",
	.form = "raw_tp:EVENT",
	.what = "raw tracepoint",
	.names = KERNEL_RAW_TRACEPOINTS,
	.parse = hook_parse_name,
	.prepare = prepare,
	.attach = attach,
};
