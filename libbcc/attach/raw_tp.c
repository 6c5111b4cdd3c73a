/*
 * raw_tp:EVENT, a tracepoint with its raw arguments: the cheapest of all, and it needs no tracefs.
 * raw_tp_writable:EVENT, one of the few whose argument the program may change.
 */
#include <errno.h>

#include <bpf/bpf.h>

#include "attach/hook.h"

static int prepare(struct hook *h, struct load_spec *spec)
{
	bool writable = h->kind == &hook_raw_tp_writable;

	return spec_set(h, spec, writable ? BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE :
			BPF_PROG_TYPE_RAW_TRACEPOINT, 0, NULL);
}

static int attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	int fd = bpf_raw_tracepoint_open(h->name, load->fd);

	if (fd == -ENOENT)
		return hook_missing(h);
	if (fd == -EINVAL)
		return hook_failed(h, fd, h->kind == &hook_raw_tp_writable ?
				   "this tracepoint has no argument that may be written, or the "
				   "program writes behind its end" :
				   "the program reads behind the last argument of this tracepoint");
	return fd < 0 ? hook_failed(h, fd, NULL) :
			attachment_link(h, out, fd, "raw tracepoint link");
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

const struct hook_kind hook_raw_tp_writable = {
	.name = "raw_tp_writable",
	.form = "raw_tp_writable:EVENT",
	.what = "raw tracepoint",
	.names = KERNEL_RAW_TRACEPOINTS,
	.parse = hook_parse_name,
	.prepare = prepare,
	.attach = attach,
};
