/*
 * The configuration of the network as rtnetlink tells it. Where nobody may ask, it is empty.
 */
#include <arpa/inet.h>
#include <linux/if_link.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <stdint.h>
#include <string.h>

#include "net/rtnl.h"
#include "state.h"

enum { MAX_DEVICES = 4096 };

struct dump {
	struct rtnl *nl;
	struct state *s;
	int devices[MAX_DEVICES];
	size_t n;
};

/* An attribute that is itself made of attributes, or lies deeper: NULL when it is not there. */
static const struct nlattr *find(const struct nlmsghdr *nlh, size_t header, int type)
{
	const struct nlattr *attr;

	mnl_attr_for_each(attr, nlh, header)
		if (mnl_attr_get_type(attr) == type)
			return attr;
	return NULL;
}

static const char *text(const struct nlattr *attr)
{
	return attr ? mnl_attr_get_str(attr) : "";
}

static int is_attached(const struct nlattr *xdp)
{
	const struct nlattr *attr;

	if (xdp)
		mnl_attr_for_each_nested(attr, xdp)
			if (mnl_attr_get_type(attr) == IFLA_XDP_ATTACHED)
				return mnl_attr_get_u8(attr);
	return 0;
}

static int on_device(const struct nlmsghdr *nlh, void *data)
{
	const struct ifinfomsg *i = mnl_nlmsg_get_payload(nlh);
	struct dump *d = data;

	state_add(d->s, "device %d %s, XDP mode %d", i->ifi_index,
		  text(find(nlh, sizeof(*i), IFLA_IFNAME)),
		  is_attached(find(nlh, sizeof(*i), IFLA_XDP)));
	if (d->n < MAX_DEVICES)
		d->devices[d->n++] = i->ifi_index;
	return MNL_CB_OK;
}

static int on_qdisc(const struct nlmsghdr *nlh, void *data)
{
	const struct tcmsg *tc = mnl_nlmsg_get_payload(nlh);
	struct dump *d = data;

	state_add(d->s, "qdisc %s %x of device %d", text(find(nlh, sizeof(*tc), TCA_KIND)),
		  tc->tcm_handle, tc->tcm_ifindex);
	return MNL_CB_OK;
}

static int on_filter(const struct nlmsghdr *nlh, void *data)
{
	const struct tcmsg *tc = mnl_nlmsg_get_payload(nlh);
	struct dump *d = data;

	state_add(d->s, "filter %s %x of device %d, at %x, priority %u",
		  text(find(nlh, sizeof(*tc), TCA_KIND)), tc->tcm_handle, tc->tcm_ifindex,
		  tc->tcm_parent, tc->tcm_info >> 16);
	return MNL_CB_OK;
}

static int on_route(const struct nlmsghdr *nlh, void *data)
{
	const struct rtmsg *route = mnl_nlmsg_get_payload(nlh);
	const struct nlattr *dst = find(nlh, sizeof(*route), RTA_DST);
	const struct nlattr *encap = find(nlh, sizeof(*route), RTA_ENCAP_TYPE);
	char address[INET6_ADDRSTRLEN] = "default";
	struct dump *d = data;

	if (route->rtm_flags & RTM_F_CLONED)
		return MNL_CB_OK; /* a cache */
	if (dst && (route->rtm_family == AF_INET || route->rtm_family == AF_INET6))
		inet_ntop(route->rtm_family, mnl_attr_get_payload(dst), address, sizeof(address));
	state_add(d->s, "route %s/%u of table %u, type %u, encapsulation %u", address,
		  route->rtm_dst_len, route->rtm_table, route->rtm_type,
		  encap ? mnl_attr_get_u16(encap) : 0);
	return MNL_CB_OK;
}

/* Asks for everything of a type; header is its family's. */
static void ask(struct dump *d, uint16_t type, const void *header, size_t size, mnl_cb_t each)
{
	void *family;

	rtnl_request(d->nl, type, size, &family);
	memcpy(family, header, size);
	rtnl_talk(d->nl, NLM_F_DUMP, each, d);
}

void state_add_network(struct state *s)
{
	static const uint32_t parents[] = { TC_H_ROOT, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS),
					    TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS) };
	struct ifinfomsg device = { .ifi_family = AF_UNSPEC };
	struct rtmsg route = { .rtm_family = AF_UNSPEC };
	struct tcmsg tc = { .tcm_family = AF_UNSPEC };
	struct dump d = { .s = s };

	if (rtnl_open(&d.nl))
		return;
	ask(&d, RTM_GETLINK, &device, sizeof(device), on_device);
	ask(&d, RTM_GETROUTE, &route, sizeof(route), on_route);
	ask(&d, RTM_GETQDISC, &tc, sizeof(tc), on_qdisc);
	for (size_t i = 0; i < d.n * 3; i++) {
		tc.tcm_ifindex = d.devices[i / 3];
		tc.tcm_parent = parents[i % 3];
		ask(&d, RTM_GETTFILTER, &tc, sizeof(tc), on_filter);
	}
	rtnl_close(d.nl);
}
