/*
 * lwt_in:, lwt_out:, lwt_xmit: and seg6local: PREFIX[ via GATEWAY]:IFACE[@NETNS], packets that take
 * a route of ours: as they are routed in, sent from here, leave through the interface, or carry an
 * IPv6 segment that a program ends (End.BPF). The last colon in front of the interface ends the
 * prefix, so that it may be of IPv6.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/bpf.h>
#include <linux/lwtunnel.h>
#include <linux/rtnetlink.h>
#include <linux/seg6_local.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/net_hook.h"

struct route {
	int family;
	unsigned char prefix[sizeof(struct in6_addr)];
	unsigned bits;
	bool has_gateway;
	unsigned char gateway[sizeof(struct in6_addr)];
};

static size_t address_size(int family)
{
	return family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr);
}

/* No bit behind the prefix is set: the kernel wants it so, for IPv4. */
static bool is_prefix(const unsigned char *address, size_t size, unsigned bits)
{
	for (size_t i = bits; i < size * 8; i++)
		if (address[i / 8] & (0x80 >> i % 8))
			return false;
	return true;
}

/* "ADDRESS[/BITS][ via GATEWAY]" */
static int read_route(const char *text, size_t size, struct route *out)
{
	char copy[128], *via, *slash;
	uint64_t bits;

	*out = (struct route){ 0 };
	if (size >= sizeof(copy))
		return -EINVAL;
	memcpy(copy, text, size);
	copy[size] = '\0';
	via = strstr(copy, " via ");
	if (via)
		*via = '\0';
	slash = strchr(copy, '/');
	if (slash)
		*slash = '\0';
	out->family = strchr(copy, ':') ? AF_INET6 : AF_INET;
	size = address_size(out->family);
	bits = size * 8;
	if (inet_pton(out->family, copy, out->prefix) != 1 ||
	    (slash && !hook_parse_number(slash + 1, &bits)) || bits > size * 8 ||
	    !is_prefix(out->prefix, size, (unsigned)bits))
		return -EINVAL;
	out->bits = (unsigned)bits;
	out->has_gateway = via;
	if (via && inet_pton(out->family, via + strlen(" via "), out->gateway) != 1)
		return -EINVAL;
	return 0;
}

/* Where the interface begins. */
static const char *split(const struct hook *h)
{
	return memrchr(h->arg, ':', strcspn(h->arg, "@"));
}

static int parse(struct hook *h)
{
	const char *colon = split(h);
	struct route route;
	int err;

	if (!colon)
		return -EINVAL;
	err = read_route(h->arg, (size_t)(colon - h->arg), &route);
	if (!err && h->kind == &hook_seg6local && route.family != AF_INET6)
		err = -EINVAL;
	return err ? err : net_parse_iface(h, colon + 1, strlen(colon + 1));
}

static int prepare_lwt(struct hook *h, struct load_spec *spec)
{
	return net_spec(h, spec,
			h->kind == &hook_lwt_in	 ? BPF_PROG_TYPE_LWT_IN :
			h->kind == &hook_lwt_out ? BPF_PROG_TYPE_LWT_OUT :
						   BPF_PROG_TYPE_LWT_XMIT,
			NET_PACKET);
}

static int prepare_seg6local(struct hook *h, struct load_spec *spec)
{
	return net_spec(h, spec, BPF_PROG_TYPE_LWT_SEG6LOCAL, NET_PACKET);
}

static void put_program(struct nlmsghdr *msg, const struct net_making *m)
{
	const struct hook_kind *kind = m->hook->kind;
	bool seg6 = kind == &hook_seg6local;
	uint16_t where = seg6			 ? SEG6_LOCAL_BPF :
			 kind == &hook_lwt_in  ? LWT_BPF_IN :
			 kind == &hook_lwt_out ? LWT_BPF_OUT :
						 LWT_BPF_XMIT;
	struct nlattr *encap, *program;

	mnl_attr_put_u16(msg, RTA_ENCAP_TYPE,
			 seg6 ? LWTUNNEL_ENCAP_SEG6_LOCAL : LWTUNNEL_ENCAP_BPF);
	encap = mnl_attr_nest_start(msg, RTA_ENCAP);
	if (seg6)
		mnl_attr_put_u32(msg, SEG6_LOCAL_ACTION, SEG6_LOCAL_ACTION_END_BPF);
	program = mnl_attr_nest_start(msg, where);
	mnl_attr_put_u32(msg, seg6 ? (uint16_t)SEG6_LOCAL_BPF_PROG : (uint16_t)LWT_BPF_PROG_FD,
			 (uint32_t)m->program);
	mnl_attr_put_strz(msg, seg6 ? (uint16_t)SEG6_LOCAL_BPF_PROG_NAME :
				      (uint16_t)LWT_BPF_PROG_NAME, m->owned.mark);
	mnl_attr_nest_end(msg, program);
	mnl_attr_nest_end(msg, encap);
}

static int make(struct net_making *m)
{
	const char *arg = m->hook->arg;
	struct nlmsghdr *msg;
	struct rtmsg *rt;
	struct route route;
	size_t size;

	read_route(arg, (size_t)(split(m->hook) - arg), &route);
	size = address_size(route.family);
	msg = rtnl_request(m->place->nl, RTM_NEWROUTE, sizeof(*rt), &rt);
	rt->rtm_family = (unsigned char)route.family;
	rt->rtm_dst_len = (unsigned char)route.bits;
	rt->rtm_table = RT_TABLE_MAIN;
	rt->rtm_protocol = OWNED_PROTOCOL;
	rt->rtm_type = RTN_UNICAST;
	rt->rtm_scope = route.family == AF_INET && !route.has_gateway ? RT_SCOPE_LINK :
									RT_SCOPE_UNIVERSE;
	if (route.bits)
		mnl_attr_put(msg, RTA_DST, size, route.prefix);
	mnl_attr_put_u32(msg, RTA_OIF, (uint32_t)m->place->ifindex);
	if (route.has_gateway)
		mnl_attr_put(msg, RTA_GATEWAY, size, route.gateway);
	/* The best there is: IPv6 takes 0 for a default that addresses' own routes come before. */
	if (route.family == AF_INET6)
		mnl_attr_put_u32(msg, RTA_PRIORITY, 1);
	put_program(msg, m);
	return rtnl_talk(m->place->nl, NLM_F_CREATE | NLM_F_EXCL, NULL, NULL);
}

static int attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	bool seg6 = h->kind == &hook_seg6local;
	struct net_place place;
	struct net_making m = {
		.hook = h,
		.place = &place,
		.program = load->fd,
		.owned = { .kind = OWNED_ROUTE },
		.needs = seg6 ? "the kernel must be built with CONFIG_IPV6_SEG6_BPF" :
				"the kernel must be built with CONFIG_LWTUNNEL_BPF",
		.make = make,
	};
	struct route route;
	int err = net_open(h, &place);

	if (err)
		return err;
	read_route(h->arg, (size_t)(split(h) - h->arg), &route);
	m.owned.family = (uint32_t)route.family;
	err = net_make(&m, seg6 ? "seg6local route" : "lwt route", out);
	net_close(&place);
	return err;
}

#define LWT_KIND(id, spelling, prefix, preparation) \
	const struct hook_kind id = { \
		.name = spelling, \
		.form = spelling ":" prefix "[ via GATEWAY]:INTERFACE[@NETNS]", \
		.what = "network interface", \
		.network = true, \
		.parse = parse, \
		.prepare = preparation, \
		.attach = attach, \
	}

LWT_KIND(hook_lwt_in, "lwt_in", "PREFIX", prepare_lwt);
LWT_KIND(hook_lwt_out, "lwt_out", "PREFIX", prepare_lwt);
LWT_KIND(hook_lwt_xmit, "lwt_xmit", "PREFIX", prepare_lwt);
LWT_KIND(hook_seg6local, "seg6local", "IPV6-PREFIX", prepare_seg6local);
