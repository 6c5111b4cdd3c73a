/*
 * raw_tp:EVENT, a tracepoint with its raw arguments: the cheapest of all, and it needs no tracefs.
 */
#include <errno.h>

#include <bpf/bpf.h>

#include "attach/hook.h"

static int prepare(struct hook *h, struct load_spec *spec)
{
	return spec_set(h, spec, BPF_PROG_TYPE_RAW_TRACEPOINT, 0, NULL);
}

static int attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	int fd = bpf_raw_tracepoint_open(h->name, load->fd);

	if (fd == -ENOENT)
		return hook_missing(h);
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
