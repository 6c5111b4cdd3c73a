/*
 * socket:FD, socket:INTERFACE and reuseport:FD: programs that a socket option puts on a socket.
 *
 * A socket given by number stays the caller's: no duplicate of it is kept, because that would keep
 * its connection open, or its place among those that share a port. Its cookie tells at the end
 * whether the number still is that socket. Closed, it has taken its program along; killing the
 * process does the same. A raw socket made for an interface belongs to the link.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <net/if.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "attach/hook.h"
#include "attach/link.h"
#include "kernel/text.h"

struct socket_undo {
	struct undo undo;
	int fd;
	uint64_t cookie;
	int option; /* that takes the program off */
};

/* What a kind of program is put on with and taken off with. */
static int option_on(const struct hook *h)
{
	return h->kind == &hook_reuseport ? SO_ATTACH_REUSEPORT_EBPF : SO_ATTACH_BPF;
}

static int option_off(const struct hook *h)
{
	return h->kind == &hook_reuseport ? SO_DETACH_REUSEPORT_BPF : SO_DETACH_BPF;
}

/* h->flag: h->number is a descriptor. Otherwise h->name is an interface. */
static int parse_socket(struct hook *h)
{
	h->flag = hook_parse_number(h->arg, &h->number);
	if (h->flag)
		return h->number > INT_MAX ? -EINVAL : 0;
	if (strlen(h->arg) >= IF_NAMESIZE || strchr(h->arg, '/'))
		return -EINVAL;
	h->name = strdup(h->arg);
	return h->name ? 0 : -ENOMEM;
}

static int parse_reuseport(struct hook *h)
{
	h->flag = hook_parse_number(h->arg, &h->number);
	return h->flag && h->number <= INT_MAX ? 0 : -EINVAL;
}

static int no_interface(struct hook *h)
{
	struct if_nameindex *all = if_nameindex();
	struct ktext names = { 0 };
	struct bcc_diag *diag;
	char *text;

	for (size_t i = 0; all && all[i].if_name && i < 16; i++)
		ktext_printf(&names, "%s%s", i ? ", " : "", all[i].if_name);
	if (all)
		if_freenameindex(all);
	text = ktext_take(&names);
	diag = diag_add(h->ctx, BCC_ERROR, "no-hook",
			"there is no network interface '%s' in this network namespace", h->name);
	if (text && *text)
		diag_hint(diag, "there are: %s", text);
	diag_done(h->ctx, diag);
	free(text);
	return BCC_ERR_NO_HOOK;
}

static int read_cookie(int fd, uint64_t *cookie)
{
	socklen_t size = sizeof(*cookie);

	return getsockopt(fd, SOL_SOCKET, SO_COOKIE, cookie, &size) ? -errno : 0;
}

static int not_a_socket(struct hook *h, int err)
{
	int fd = (int)h->number;

	if (err == -EBADF)
		return diag_fail_hint(h->ctx, BCC_ERR_NO_HOOK, "no-hook",
				      "the number is that of an open socket of this process",
				      "there is no descriptor %d", fd);
	if (err == -ENOTSOCK)
		return diag_fail(h->ctx, BCC_ERR_NO_HOOK, "no-hook", "descriptor %d is no socket",
				 fd);
	return hook_failed(h, err, NULL);
}

static int prepare(struct hook *h, struct load_spec *spec)
{
	enum bpf_prog_type type = bpf_program__type(h->prog->bp);
	uint64_t cookie;
	int err;

	if (!h->flag && !if_nametoindex(h->name))
		return no_interface(h);
	err = h->flag ? read_cookie((int)h->number, &cookie) : 0;
	if (err)
		return not_a_socket(h, err);
	if (h->kind == &hook_socket || type == BPF_PROG_TYPE_SOCKET_FILTER)
		return spec_set(h, spec, BPF_PROG_TYPE_SOCKET_FILTER, 0, NULL);
	/* "sk_reuseport/migrate" is another way of attaching, which the program must ask for. */
	return spec_set(h, spec, BPF_PROG_TYPE_SK_REUSEPORT,
			type == BPF_PROG_TYPE_SK_REUSEPORT ?
				bpf_program__expected_attach_type(h->prog->bp) :
				BPF_SK_REUSEPORT_SELECT,
			NULL);
}

static int put_on(struct hook *h, const struct program_load *load, int fd)
{
	int err = setsockopt(fd, SOL_SOCKET, option_on(h), &load->fd, sizeof(load->fd)) ? -errno : 0;
	const char *hint = NULL;

	if (!err)
		return 0;
	if (h->kind == &hook_reuseport && err == -EINVAL)
		hint = "set SO_REUSEPORT on the socket before it is bound; it must be a TCP or UDP "
		       "socket";
	else if (err == -EPERM)
		hint = "SO_LOCK_FILTER may have locked the socket's filter";
	else if (err == -ENOMEM)
		hint = "net.core.optmem_max is the limit for a socket's programs";
	return hook_failed(h, err, hint);
}

static int take_off(struct undo *undo, const struct attachment *a)
{
	const struct socket_undo *u = (const struct socket_undo *)undo;
	uint64_t cookie;
	int unused = 0;

	(void)a;
	if (!read_cookie(u->fd, &cookie) && cookie == u->cookie)
		setsockopt(u->fd, SOL_SOCKET, u->option, &unused, sizeof(unused));
	return 0;
}

/* The kernel would let a second filter take the first one's place without a word. */
static bool has_filter(int fd)
{
	socklen_t size = 0;

	return getsockopt(fd, SOL_SOCKET, SO_GET_FILTER, NULL, &size) ? errno == EACCES : size > 0;
}

static int attach_to_number(struct hook *h, const struct program_load *load,
			    struct attachment *out)
{
	struct socket_undo *u = calloc(1, sizeof(*u));
	int err;

	if (!u)
		return diag_fail(h->ctx, -ENOMEM, "memory", "out of memory");
	*u = (struct socket_undo){
		.undo.run = take_off,
		.fd = (int)h->number,
		.option = option_off(h),
	};
	err = read_cookie(u->fd, &u->cookie);
	if (err)
		err = not_a_socket(h, err);
	else if (h->kind == &hook_socket && has_filter(u->fd))
		err = hook_failed(h, -EBUSY, "the socket has a filter already: detach it first");
	else
		err = put_on(h, load, u->fd);
	if (err) {
		free(u);
		return err;
	}
	*out = (struct attachment){
		.undo = &u->undo,
		.has_socket = true,
		.socket = u->fd,
		.mechanism = h->kind == &hook_reuseport ? "reuseport program" : "socket filter",
	};
	return 0;
}

static int no_raw_socket(struct hook *h, int err)
{
	if (err == -EPERM || err == -EACCES)
		return diag_fail_hint(h->ctx, BCC_ERR_PRIVILEGE, "privilege",
				      "run it with sudo, or: setcap cap_bpf,cap_perfmon,"
				      "cap_net_raw+ep PROGRAM",
				      "cannot attach program '%s' to %s: a raw socket needs the "
				      "capability CAP_NET_RAW",
				      h->prog->name, h->text);
	if (err == -EAFNOSUPPORT)
		return diag_fail(h->ctx, BCC_ERR_KERNEL, "attach",
				 "this kernel has no packet sockets, which %s needs", h->text);
	return hook_failed(h, err, NULL);
}

static int attach_to_interface(struct hook *h, const struct program_load *load,
			       struct attachment *out)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_ALL),
		.sll_ifindex = (int)if_nametoindex(h->name),
	};
	int fd, err;

	if (!to.sll_ifindex)
		return no_interface(h);
	/* Of no protocol: it gets nothing before its filter is there and it is bound. */
	fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return no_raw_socket(h, -errno);
	err = put_on(h, load, fd);
	if (!err && bind(fd, (struct sockaddr *)&to, sizeof(to)))
		err = errno == ENODEV ? no_interface(h) : hook_failed(h, -errno, NULL);
	if (err) {
		close(fd);
		return err;
	}
	err = attachment_link(h, out, fd, "raw socket");
	out->has_socket = !err;
	out->socket = fd;
	return err;
}

static int attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	return h->flag ? attach_to_number(h, load, out) : attach_to_interface(h, load, out);
}

int bcc_link_socket(const struct bcc_link *link)
{
	return link && link->attachment.has_socket ? link->attachment.socket : -ENOENT;
}

const struct hook_kind hook_socket = {
	.name = "socket",
	.form = "socket:FD (an open socket) or socket:INTERFACE",
	.what = "socket",
	.parse = parse_socket,
	.prepare = prepare,
	.attach = attach,
};

const struct hook_kind hook_reuseport = {
	.name = "reuseport",
	.form = "reuseport:FD (an open socket)",
	.what = "socket",
	.parse = parse_reuseport,
	.prepare = prepare,
	.attach = attach,
};
