/*
 * bcc/link.h - a program on a hook: taking it off, keeping it beyond the process, another program.
 *
 * A link is gone when the process ends, however it ends, unless it is pinned on a BPF file system.
 * Errors have their diagnostic in the context of the link.
 */
#ifndef BCC_LINK_H
#define BCC_LINK_H

#include <bcc/common.h>

BCC_EXTERN_C_BEGIN

/*
 * Takes the program off its hook; a pin of the link is removed. Calling it again does nothing and
 * returns 0. Errors: an errno when the pin, or what is no link, cannot be removed (the program then
 * stays on its hook).
 * A link that another process has opened as well may live on there: only links to interfaces,
 * cgroups and network namespaces can be cut for everybody, and are. One that was pinned ends a
 * moment later on kernels that free the file of a pin late (5.10, 6.1).
 */
BCC_API int bcc_link_detach(struct bcc_link *link);

/* Frees the link, which takes the program off its hook unless the link is pinned. */
BCC_API void bcc_link_destroy(struct bcc_link *link);

/*
 * Pins the link at an absolute path on a BPF file system ("/sys/fs/bpf/NAME"), where it stays when
 * the process is gone. Directories are made as needed; nothing is overwritten (-EEXIST). Errors:
 * BCC_ERR_KERNEL when the mechanism is no bpf link or more than one, so that there is nothing to
 * pin; -EINVAL when the path is on no BPF file system; -ELOOP; -ENOENT when it is detached.
 */
BCC_API int bcc_link_pin(struct bcc_link *link, const char *path);

/* Removes the pin that bcc_link_pin() made, or by which the link was opened: the link is again
 * gone with its last descriptor. -ENOENT when it is not pinned. */
BCC_API int bcc_link_unpin(struct bcc_link *link);

/*
 * Opens a link that somebody has pinned. It belongs to the context, has no program of ours
 * (bcc_link_program() is NULL), and can be described, updated, unpinned and detached. Destroying it
 * leaves the pin alone. Errors: -ENOENT, -EINVAL (what is pinned there is no link), or an errno.
 */
BCC_API int bcc_link_open_pinned(struct bcc_context *ctx, const char *path, struct bcc_link **out);

/*
 * Puts another program of the same context in place of the one on the hook, without a moment
 * in which there is none. The program is loaded for the same hook if need be; the link then belongs
 * to its module. Errors: BCC_ERR_KERNEL when the kernel cannot do that to such a link (it can for
 * interfaces, cgroups, network namespaces and iterators), those of bcc_program_load(), or an errno.
 */
BCC_API int bcc_link_update(struct bcc_link *link, struct bcc_program *prog);

/* The hook this link is on, and how ("tracepoint:sched:sched_switch", "perf link"): "perf link",
 * "perf event" (the same before Linux 5.15), "uprobe multi link", "raw tracepoint link",
 * "tp_btf link", "fentry link", "fexit link", "cgroup link", "lsm_cgroup link", "netns link",
 * "sockmap link", "program on the map" (the same before Linux 6.10), "socket filter",
 * "raw socket", "reuseport program", "xdp link (native)", "xdp link (generic)", "xdp link (offload)",
 * "tcx link", "clsact filter" (the same before Linux 6.6), "tc action", "netkit link", "lwt route",
 * "seg6local route", "netfilter link", "struct_ops link", "struct_ops map" (the same before Linux
 * 6.4, but it stays when the process is killed), ... "pinned:PATH" is the hook of a link opened by its pin. */
BCC_API const char *bcc_link_hook(const struct bcc_link *link);
BCC_API const char *bcc_link_mechanism(const struct bcc_link *link);

/* The program on the hook; NULL for a link that was opened by its pin. */
BCC_API struct bcc_program *bcc_link_program(const struct bcc_link *link);

/*
 * The socket that the program is on. socket:INTERFACE: the raw socket, which is the link's and closed
 * with it (dup() it to keep it); it does not block, and read() gives whole packets. socket:FD and
 * reuseport:FD: FD, which is the caller's. -ENOENT for other links and after a detach.
 */
BCC_API int bcc_link_socket(const struct bcc_link *link);

/*
 * A new reading of an iterator (a link of iter:TARGET): a descriptor that belongs to the caller, and
 * from which read() gives what the program writes until it gives 0. -ENOENT for other links.
 */
BCC_API int bcc_link_iter_fd(struct bcc_link *link);

/* What can be said of a link. The texts live until the next call about the same link. */
struct bcc_link_info {
	size_t size;           /* set by the caller, see BCC_OPTS() */
	const char *mechanism; /* as bcc_link_mechanism() says */
	const char *why;       /* why this mechanism: "Linux before 5.15 has no perf links" */
	const char *target;    /* what the kernel says it is on ("raw tracepoint sys_enter"), or "" */
	const char *pin;       /* the path where it is pinned, or NULL */
	uint32_t id;           /* of the bpf link in the kernel; 0: it is none, or several */
	uint32_t program_id;   /* of the program on it; 0: unknown */
	uint32_t n_links;      /* bpf links that it is made of */
	bool attached;         /* false once it is detached */
};

/* Fills in *info up to info->size. -EINVAL for a size that is none. */
BCC_API int bcc_link_describe(struct bcc_link *link, struct bcc_link_info *info);

BCC_EXTERN_C_END

#endif
