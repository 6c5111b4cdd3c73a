/*
 * cgroup:PATH:KIND, what processes of a cgroup (and of those below it) do with sockets, sysctls and
 * devices. Always a bpf link: kernels have it for all of these since 5.7, and where one is refused
 * (a program that does not share is there), the older way without a link is refused for the same
 * reason. So nothing can outlive the process.
 */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "attach/cgroup.h"

/* Newer than the headers that this may be built with. */
enum {
	UNIX_CONNECT = 49,
	UNIX_SENDMSG,
	UNIX_RECVMSG,
	UNIX_GETPEERNAME,
	UNIX_GETSOCKNAME,
};

static const struct cgroup_kind {
	const char *name;
	enum bpf_prog_type type;
	int attach;
	const char *since; /* NULL: as old as the links */
} kinds[] = {
	{ "ingress", BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_INGRESS, NULL },
	{ "egress", BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_EGRESS, NULL },
	{ "sock_create", BPF_PROG_TYPE_CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE, NULL },
	{ "sock_release", BPF_PROG_TYPE_CGROUP_SOCK, BPF_CGROUP_INET_SOCK_RELEASE, NULL },
	{ "post_bind4", BPF_PROG_TYPE_CGROUP_SOCK, BPF_CGROUP_INET4_POST_BIND, NULL },
	{ "post_bind6", BPF_PROG_TYPE_CGROUP_SOCK, BPF_CGROUP_INET6_POST_BIND, NULL },
	{ "bind4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_BIND, NULL },
	{ "bind6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_BIND, NULL },
	{ "connect4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_CONNECT, NULL },
	{ "connect6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_CONNECT, NULL },
	{ "sendmsg4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_SENDMSG, NULL },
	{ "sendmsg6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_SENDMSG, NULL },
	{ "recvmsg4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_UDP4_RECVMSG, NULL },
	{ "recvmsg6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_UDP6_RECVMSG, NULL },
	{ "getpeername4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_GETPEERNAME, NULL },
	{ "getpeername6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_GETPEERNAME, NULL },
	{ "getsockname4", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET4_GETSOCKNAME, NULL },
	{ "getsockname6", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, BPF_CGROUP_INET6_GETSOCKNAME, NULL },
	{ "connect_unix", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, UNIX_CONNECT, "6.7" },
	{ "sendmsg_unix", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, UNIX_SENDMSG, "6.7" },
	{ "recvmsg_unix", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, UNIX_RECVMSG, "6.7" },
	{ "getpeername_unix", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, UNIX_GETPEERNAME, "6.7" },
	{ "getsockname_unix", BPF_PROG_TYPE_CGROUP_SOCK_ADDR, UNIX_GETSOCKNAME, "6.7" },
	{ "getsockopt", BPF_PROG_TYPE_CGROUP_SOCKOPT, BPF_CGROUP_GETSOCKOPT, NULL },
	{ "setsockopt", BPF_PROG_TYPE_CGROUP_SOCKOPT, BPF_CGROUP_SETSOCKOPT, NULL },
	{ "sysctl", BPF_PROG_TYPE_CGROUP_SYSCTL, BPF_CGROUP_SYSCTL, NULL },
	{ "device", BPF_PROG_TYPE_CGROUP_DEVICE, BPF_CGROUP_DEVICE, NULL },
	{ "sock_ops", BPF_PROG_TYPE_SOCK_OPS, BPF_CGROUP_SOCK_OPS, NULL },
};

#define N_KINDS (sizeof(kinds) / sizeof(*kinds))

static const struct cgroup_kind *find_kind(const char *name)
{
	for (size_t i = 0; i < N_KINDS; i++)
		if (!strcmp(kinds[i].name, name))
			return &kinds[i];
	return NULL;
}

static int no_kind(struct hook *h)
{
	unsigned best = UINT_MAX;
	const char *near = NULL;
	struct bcc_diag *diag;

	for (size_t i = 0; i < N_KINDS; i++) {
		unsigned distance = name_distance(h->name, kinds[i].name);

		if (distance < best) {
			best = distance;
			near = kinds[i].name;
		}
	}
	diag = diag_add(h->ctx, BCC_ERROR, "no-hook", "there is no cgroup hook '%s'", h->name);
	if (near)
		diag_hint(diag, "similar names: %s", near);
	else
		diag_hint(diag, "they are named as in libbpf's sections cgroup/...: ingress, "
			  "connect4, sock_create, sysctl, device, sock_ops, ...");
	diag_done(h->ctx, diag);
	return BCC_ERR_NO_HOOK;
}

static int prepare(struct hook *h, struct load_spec *spec)
{
	const struct cgroup_kind *kind = find_kind(h->name);
	bool known;
	int cgroup;

	if (!kind)
		return no_kind(h);
	/* Before the load: a missing cgroup is no reason to have a program verified. */
	cgroup = cgroup_open(h);
	if (cgroup < 0)
		return cgroup;
	known = !kind->since || cgroup_has(cgroup, kind->attach);
	close(cgroup);
	if (!known)
		return diag_fail(h->ctx, BCC_ERR_KERNEL, "cgroup",
				 "this kernel has no cgroup hook '%s': it needs Linux %s", h->name,
				 kind->since);
	return spec_set(h, spec, kind->type, (enum bpf_attach_type)kind->attach, NULL);
}

static int fail(struct hook *h, int err)
{
	switch (err) {
	case -EPERM: /* of use only when no privilege is missing */
		return hook_failed(h, err,
				   "a program that does not share (attached without "
				   "BPF_F_ALLOW_MULTI) is on this cgroup or on one above it: see "
				   "bpftool cgroup tree");
	case -EINVAL:
		return hook_failed(h, err, "the kernel may be built without CONFIG_CGROUP_BPF");
	case -E2BIG:
		return hook_failed(h, err, "a cgroup takes 64 programs of a kind");
	case -ENODEV: /* the directory was removed while it was open */
		return diag_fail(h->ctx, BCC_ERR_NO_HOOK, "no-hook",
				 "the cgroup '%s' has been removed", h->group);
	default:
		return hook_failed(h, err, NULL);
	}
}

static int attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	int fd, cgroup = cgroup_open(h);

	if (cgroup < 0)
		return cgroup;
	fd = bpf_link_create(load->fd, cgroup,
			     (enum bpf_attach_type)find_kind(h->name)->attach, NULL);
	close(cgroup);
	return fd < 0 ? fail(h, fd) : attachment_link(h, out, fd, "cgroup link");
}

const struct hook_kind hook_cgroup = {
	.name = "cgroup",
	.form = "cgroup:PATH:KIND (ingress, egress, connect4, bind6, sock_create, sysctl, ...)",
	.what = "cgroup hook",
	.network = true,
	.parse = cgroup_parse,
	.prepare = prepare,
	.attach = attach,
};
