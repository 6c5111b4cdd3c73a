/*
 * netkit:IFACE[@NETNS]:primary|peer: packets sent by one side of a netkit pair (Linux 6.7). The
 * interface is the primary one of the pair for both.
 */
#include <errno.h>

#include "attach/net_hook.h"

/* Of enum bpf_attach_type. */
enum { NETKIT_PRIMARY = 54, NETKIT_PEER = 55 };

static int parse(struct hook *h)
{
	static const char *const words[] = { "primary", "peer" };

	return net_parse_iface_word(h, words, 2);
}

static int prepare(struct hook *h, struct load_spec *spec)
{
	return net_spec(h, spec, BPF_PROG_TYPE_SCHED_CLS, NET_PACKET);
}

static int failed(struct hook *h, const struct net_place *p, int err)
{
	if (err == -EINVAL)
		return net_too_old(h, "netkit", "6.7", "tc: works with any interface");
	if (err == -ENXIO)
		return diag_fail_hint(h->ctx, BCC_ERR_NO_HOOK, "no-hook",
				      "tc: works with any interface",
				      "cannot attach program '%s' to %s: %s is no netkit interface",
				      h->prog->name, h->text, p->ifname);
	if (err == -EACCES)
		return diag_fail_hint(h->ctx, -EINVAL, "hook",
				      "name the other one, and peer for what this one sends",
				      "cannot attach program '%s' to %s: %s is the peer of its pair, "
				      "and the kernel attaches by the primary interface",
				      h->prog->name, h->text, p->ifname);
	return net_failed(h, err, NULL, NULL);
}

static int attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	struct net_link link = {
		.program = (uint32_t)load->fd,
		.kind = h->number ? NETKIT_PEER : NETKIT_PRIMARY,
	};
	struct net_place place;
	int fd, err;

	err = net_open(h, &place);
	if (err)
		return err;
	link.target = (uint32_t)place.ifindex;
	fd = net_link_create(&place, &link);
	err = fd < 0 ? failed(h, &place, fd) : attachment_link(h, out, fd, "netkit link");
	net_close(&place);
	return err;
}

const struct hook_kind hook_netkit = {
	.name = "netkit",
	.form = "netkit:INTERFACE[@NETNS]:primary|peer",
	.what = "network interface",
	.network = true,
	.parse = parse,
	.prepare = prepare,
	.attach = attach,
};
