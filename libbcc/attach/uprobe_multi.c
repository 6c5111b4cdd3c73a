/*
 * The system call behind links of many uprobes, which the libbpf that this is built with does not
 * know yet.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attach/uprobe_multi.h"

/* The kernel's union bpf_attr as BPF_LINK_CREATE has it for this kind. */
struct link_attr {
	uint32_t program, target, kind, flags;
	uint64_t path, offsets, semaphores, cookies;
	uint32_t count, multi_flags, pid, padding;
};

int uprobe_multi_link(int program, const struct uprobe_multi *probes)
{
	struct link_attr attr = {
		.program = (uint32_t)program,
		.kind = UPROBE_MULTI,
		.path = (uintptr_t)probes->path,
		.offsets = (uintptr_t)probes->offsets,
		.semaphores = (uintptr_t)probes->semaphores,
		.cookies = (uintptr_t)probes->cookies,
		.count = (uint32_t)probes->n,
		.multi_flags = probes->returns, /* BPF_F_UPROBE_MULTI_RETURN */
		.pid = (uint32_t)probes->pid,
	};
	/* The kernel opens it close-on-exec. */
	long fd = syscall(SYS_bpf, BPF_LINK_CREATE, &attr, sizeof(attr));

	return fd < 0 ? -errno : (int)fd;
}

bool uprobe_multi_works(int program, int pid)
{
	static const uint64_t nowhere;
	struct uprobe_multi probe = { .path = "/", .offsets = &nowhere, .n = 1 };
	int fd = uprobe_multi_link(program, &probe);

	/* Nobody puts a probe into a directory. A kernel that looks at the path knows the rest. */
	if (fd >= 0)
		close(fd);
	if (fd != -EBADF || !pid)
		return fd == -EBADF;
	probe.pid = -1;
	fd = uprobe_multi_link(program, &probe);
	if (fd >= 0)
		close(fd);
	return fd == -EINVAL;
}
