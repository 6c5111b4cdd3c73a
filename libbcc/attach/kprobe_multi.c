/*
 * Many functions in one link (Linux 5.18, with CONFIG_FPROBE): they come and go together.
 */
#include <errno.h>
#include <linux/bpf.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attach/kprobe.h"

/* The kernel's union bpf_attr as BPF_LINK_CREATE has it for this kind. */
struct link_attr {
	uint32_t program, target, kind, flags;
	uint32_t multi_flags, count;
	uint64_t symbols, addresses, cookies;
};

int kprobe_multi_link(struct hook *h, int program, const struct glob_names *names)
{
	struct link_attr attr = {
		.program = (uint32_t)program,
		.kind = KPROBE_MULTI,
		.multi_flags = kprobe_is_return(h) ? 1 : 0, /* BPF_F_KPROBE_MULTI_RETURN */
		.count = (uint32_t)names->n,
		.symbols = (uintptr_t)names->list,
	};
	uint64_t *cookies = NULL;
	long fd;

	if (h->opts.cookie) {
		cookies = calloc(names->n, sizeof(*cookies));
		if (!cookies)
			return -ENOMEM;
		for (size_t i = 0; i < names->n; i++)
			cookies[i] = h->opts.cookie;
		attr.cookies = (uintptr_t)cookies;
	}
	/* The kernel opens it close-on-exec. */
	fd = syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr));
	fd = fd < 0 ? -errno : fd;
	free(cookies);
	return (int)fd;
}
