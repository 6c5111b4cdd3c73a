/*
 * tc:IFACE[@NETNS]:ingress|egress: packets of an interface. A tcx link where the kernel has it
 * (Linux 6.6), else a filter of the qdisc clsact that decides by itself (direct action). tcx: and
 * clsact: are the same with one way only.
 */
#include <errno.h>
#include <linux/pkt_cls.h>
#include <linux/if_ether.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <arpa/inet.h>

#include "attach/net_hook.h"

/* Of enum bpf_attach_type, since Linux 6.6. */
enum { TCX_INGRESS = 46, TCX_EGRESS = 47 };

static const char *const words[] = { "ingress", "egress" };

static int parse(struct hook *h)
{
	return net_parse_iface_word(h, words, 2);
}

static int prepare(struct hook *h, struct load_spec *spec)
{
	return net_spec(h, spec, BPF_PROG_TYPE_SCHED_CLS, NET_PACKET);
}

static uint32_t parent(const struct hook *h)
{
	return TC_H_MAKE(TC_H_CLSACT, h->number ? TC_H_MIN_EGRESS : TC_H_MIN_INGRESS);
}

/* A link, or -EINVAL where the kernel has none. */
static int make_link(struct hook *h, struct net_place *p, int program)
{
	struct net_link link = {
		.program = (uint32_t)program,
		.target = (uint32_t)p->ifindex,
		.kind = h->number ? TCX_EGRESS : TCX_INGRESS,
	};

	return net_link_create(p, &link);
}

static int make_filter(struct net_making *m)
{
	struct rtnl *nl = m->place->nl;
	struct nlmsghdr *msg;
	struct nlattr *options;
	struct tcmsg *tc;

	msg = rtnl_request(nl, RTM_NEWTFILTER, sizeof(*tc), &tc);
	tc->tcm_ifindex = m->place->ifindex;
	tc->tcm_parent = m->owned.parent;
	tc->tcm_info = TC_H_MAKE(0, htons(ETH_P_ALL)); /* the kernel finds a priority */
	mnl_attr_put_strz(msg, TCA_KIND, "bpf");
	options = mnl_attr_nest_start(msg, TCA_OPTIONS);
	mnl_attr_put_u32(msg, TCA_BPF_FD, (uint32_t)m->program);
	mnl_attr_put_strz(msg, TCA_BPF_NAME, m->owned.mark);
	mnl_attr_put_u32(msg, TCA_BPF_FLAGS, TCA_BPF_FLAG_ACT_DIRECT);
	mnl_attr_nest_end(msg, options);
	return rtnl_talk(nl, NLM_F_CREATE | NLM_F_EXCL, NULL, NULL);
}

static int attach_filter(struct hook *h, struct net_place *p, int program, struct attachment *out)
{
	struct net_making m = {
		.hook = h,
		.place = p,
		.program = program,
		.owned = { .kind = OWNED_FILTER, .parent = parent(h) },
		.needs = "it needs the kernel modules sch_ingress and cls_bpf",
		.make = make_filter,
	};

	return net_make(&m, "clsact filter", out);
}

static int attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	struct net_place place;
	int err, fd = -EINVAL;

	err = net_open(h, &place);
	if (err)
		return err;
	if (h->kind != &hook_clsact)
		fd = make_link(h, &place, load->fd);
	if (fd >= 0)
		err = attachment_link(h, out, fd, "tcx link");
	else if (fd != -EINVAL)
		err = net_failed(h, fd, NULL, NULL);
	else if (h->kind == &hook_tcx)
		err = net_too_old(h, "tcx", "6.6", "the hook tc: takes clsact where there is none");
	else
		err = attach_filter(h, &place, load->fd, out);
	if (!err && fd < 0 && h->kind == &hook_tc)
		attachment_why(out, "this kernel has no tcx links, which came with Linux 6.6");
	net_close(&place);
	return err;
}

const struct hook_kind hook_tc = {
	.name = "tc",
	.form = "tc:INTERFACE[@NETNS]:ingress|egress",
	.what = "network interface",
	.network = true,
	.parse = parse,
	.prepare = prepare,
	.attach = attach,
};

const struct hook_kind hook_tcx = {
	.name = "tcx",
	.form = "tcx:INTERFACE[@NETNS]:ingress|egress",
	.what = "network interface",
	.network = true,
	.parse = parse,
	.prepare = prepare,
	.attach = attach,
};

const struct hook_kind hook_clsact = {
	.name = "clsact",
	.form = "clsact:INTERFACE[@NETNS]:ingress|egress",
	.what = "network interface",
	.network = true,
	.parse = parse,
	.prepare = prepare,
	.attach = attach,
};
