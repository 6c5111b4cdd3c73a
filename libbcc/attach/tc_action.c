/*
 * tc_action:IFACE[@NETNS]:ingress|egress: a program as an action (act_bpf) behind a filter of ours
 * that takes every packet (matchall). What the program returns decides; with TC_ACT_UNSPEC (-1) the
 * next filter does.
 */
#include <arpa/inet.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/tc_act/tc_bpf.h>

#include "attach/net_hook.h"

static int parse(struct hook *h)
{
	static const char *const words[] = { "ingress", "egress" };

	return net_parse_iface_word(h, words, 2);
}

static int prepare(struct hook *h, struct load_spec *spec)
{
	return net_spec(h, spec, BPF_PROG_TYPE_SCHED_ACT, NET_PACKET);
}

static void put_action(struct nlmsghdr *msg, const struct net_making *m)
{
	const struct tc_act_bpf parameters = { .action = TC_ACT_UNSPEC };
	struct nlattr *action, *options;

	action = mnl_attr_nest_start(msg, 1); /* the first */
	mnl_attr_put_strz(msg, TCA_ACT_KIND, "bpf");
	options = mnl_attr_nest_start(msg, TCA_ACT_OPTIONS);
	mnl_attr_put(msg, TCA_ACT_BPF_PARMS, sizeof(parameters), &parameters);
	mnl_attr_put_u32(msg, TCA_ACT_BPF_FD, (uint32_t)m->program);
	mnl_attr_put_strz(msg, TCA_ACT_BPF_NAME, m->owned.mark);
	mnl_attr_nest_end(msg, options);
	mnl_attr_nest_end(msg, action);
}

static int make(struct net_making *m)
{
	struct rtnl *nl = m->place->nl;
	struct nlattr *options, *actions;
	struct nlmsghdr *msg;
	struct tcmsg *tc;

	msg = rtnl_request(nl, RTM_NEWTFILTER, sizeof(*tc), &tc);
	tc->tcm_ifindex = m->place->ifindex;
	tc->tcm_parent = m->owned.parent;
	tc->tcm_info = TC_H_MAKE(0, htons(ETH_P_ALL));
	mnl_attr_put_strz(msg, TCA_KIND, "matchall");
	options = mnl_attr_nest_start(msg, TCA_OPTIONS);
	actions = mnl_attr_nest_start(msg, TCA_MATCHALL_ACT);
	put_action(msg, m);
	mnl_attr_nest_end(msg, actions);
	mnl_attr_nest_end(msg, options);
	return rtnl_talk(nl, NLM_F_CREATE | NLM_F_EXCL, NULL, NULL);
}

static int attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	struct net_place place;
	struct net_making m = {
		.hook = h,
		.place = &place,
		.program = load->fd,
		.owned = {
			.kind = OWNED_FILTER,
			.parent = TC_H_MAKE(TC_H_CLSACT,
					    h->number ? TC_H_MIN_EGRESS : TC_H_MIN_INGRESS),
		},
		.needs = "it needs the kernel modules sch_ingress, cls_matchall and act_bpf",
		.make = make,
	};
	int err = net_open(h, &place);

	if (err)
		return err;
	err = net_make(&m, "tc action", out);
	net_close(&place);
	return err;
}

const struct hook_kind hook_tc_action = {
	.name = "tc_action",
	.form = "tc_action:INTERFACE[@NETNS]:ingress|egress",
	.what = "network interface",
	.network = true,
	.parse = parse,
	.prepare = prepare,
	.attach = attach,
};
