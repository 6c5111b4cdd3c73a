/*
 * Finds what is ours by its mark in the kernel's own listing and removes just that: nothing has to
 * be known of it but the mark, so the order to remove it can be given before it is made.
 *
 * A clsact qdisc that this library has made is used by everybody. It is removed with the last
 * filter. Between the look and the removal somebody else may add one, which netlink cannot prevent.
 */
#include <errno.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>

#include "net/owned.h"

#define CLSACT_HANDLE TC_H_MAKE(TC_H_CLSACT, 0)

/* Orders to remove what a listing showed, carried out when it is over. */
struct order {
	struct order *next;
	size_t size;
	char attributes[1024]; /* and the family's header in front */
};

struct listing {
	const struct owned *owned;
	bool (*wanted)(const struct nlmsghdr *msg, struct listing *l);
	struct order *orders;
	size_t seen;
	bool qdisc; /* a mark says that it is ours */
	int err;
};

static size_t header_size(const struct owned *o)
{
	return o->kind == OWNED_FILTER ? sizeof(struct tcmsg) : sizeof(struct rtmsg);
}

/* Whether an attribute says which one it is; the others say what it does. */
static bool identifies(const struct owned *o, uint16_t type)
{
	if (o->kind == OWNED_FILTER)
		return type == TCA_KIND || type == TCA_CHAIN;
	return type == RTA_DST || type == RTA_OIF || type == RTA_TABLE || type == RTA_PRIORITY;
}

static void add_order(struct listing *l, const struct nlmsghdr *msg)
{
	size_t size = header_size(l->owned);
	struct order *o = calloc(1, sizeof(*o));
	const struct nlattr *attr;

	if (!o) {
		l->err = -ENOMEM;
		return;
	}
	memcpy(o->attributes, mnl_nlmsg_get_payload(msg), size);
	o->size = size;
	if (l->owned->kind == OWNED_ROUTE) {
		struct rtmsg *route = (struct rtmsg *)o->attributes;

		route->rtm_flags = 0;
	}
	mnl_attr_for_each(attr, msg, size) {
		size_t n = MNL_ALIGN(attr->nla_len);

		if (!identifies(l->owned, mnl_attr_get_type(attr)) ||
		    o->size + n > sizeof(o->attributes))
			continue;
		memcpy(o->attributes + o->size, attr, attr->nla_len);
		o->size += n;
	}
	o->next = l->orders;
	l->orders = o;
}

static int on_entry(const struct nlmsghdr *msg, void *data)
{
	struct listing *l = data;

	if (mnl_nlmsg_get_payload_len(msg) < header_size(l->owned))
		return MNL_CB_OK;
	l->seen++;
	if (l->wanted && l->wanted(msg, l))
		add_order(l, msg);
	return MNL_CB_OK;
}

/* That the interface, the qdisc or the kernel's part for it is not there: nothing is. */
static bool nothing_there(int err)
{
	return err == -ENODEV || err == -ENOENT || err == -EOPNOTSUPP || err == -ENOTCONN;
}

static int list(struct rtnl *nl, uint32_t parent, struct listing *l)
{
	const struct owned *o = l->owned;
	int err;

	if (o->kind == OWNED_FILTER) {
		struct tcmsg *tc;

		rtnl_request(nl, RTM_GETTFILTER, sizeof(*tc), &tc);
		tc->tcm_family = AF_UNSPEC;
		tc->tcm_ifindex = o->ifindex;
		tc->tcm_parent = parent;
	} else {
		struct rtmsg *route;
		struct nlmsghdr *msg = rtnl_request(nl, RTM_GETROUTE, sizeof(*route), &route);

		route->rtm_family = (unsigned char)o->family;
		route->rtm_protocol = OWNED_PROTOCOL;
		mnl_attr_put_u32(msg, RTA_OIF, (uint32_t)o->ifindex);
	}
	err = rtnl_talk(nl, NLM_F_DUMP, on_entry, l);
	if (nothing_there(err) || (err == -EINVAL && o->kind == OWNED_FILTER))
		err = 0;
	return err ? err : l->err;
}

static int carry_out(struct rtnl *nl, struct listing *l)
{
	uint16_t type = l->owned->kind == OWNED_FILTER ? RTM_DELTFILTER : RTM_DELROUTE;
	size_t size = header_size(l->owned);
	int err = 0;

	while (l->orders) {
		struct order *o = l->orders;
		struct nlmsghdr *msg;
		void *header;
		int e;

		msg = rtnl_request(nl, type, size, &header);
		memcpy(header, o->attributes, o->size);
		msg->nlmsg_len += (uint32_t)(o->size - MNL_ALIGN(size));
		e = rtnl_talk(nl, 0, NULL, NULL);
		/* Somebody else was faster. */
		if (e && !nothing_there(e) && e != -ESRCH && !err)
			err = e;
		l->orders = o->next;
		free(o);
	}
	return err;
}

static bool has_mark(const struct nlmsghdr *msg, struct listing *l)
{
	const char *mark = l->owned->mark;

	return memmem(msg, msg->nlmsg_len, mark, strlen(mark) + 1);
}

static bool is_dead(const struct nlmsghdr *msg, struct listing *l)
{
	struct mark m;

	if (!mark_find(msg, msg->nlmsg_len, &m))
		return false;
	l->qdisc |= m.qdisc;
	return mark_is_dead(&m);
}

/* Removes the clsact qdisc if it has no filters in either direction. */
static int remove_qdisc(struct rtnl *nl, const struct owned *o)
{
	struct listing l = { .owned = o };
	struct tcmsg *tc;
	struct nlmsghdr *msg;
	int err;

	err = list(nl, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS), &l);
	if (!err)
		err = list(nl, TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS), &l);
	if (err || l.seen)
		return err;
	msg = rtnl_request(nl, RTM_DELQDISC, sizeof(*tc), &tc);
	tc->tcm_ifindex = o->ifindex;
	tc->tcm_handle = CLSACT_HANDLE;
	tc->tcm_parent = TC_H_CLSACT;
	mnl_attr_put_strz(msg, TCA_KIND, "clsact");
	err = rtnl_talk(nl, 0, NULL, NULL);
	return nothing_there(err) || err == -EINVAL ? 0 : err;
}

int owned_remove(struct rtnl *nl, const struct owned *o)
{
	struct listing l = { .owned = o, .wanted = has_mark };
	int err = list(nl, o->parent, &l), e;

	e = carry_out(nl, &l);
	if (!err)
		err = e;
	if (!err && o->qdisc)
		err = remove_qdisc(nl, o);
	return err;
}

int owned_sweep(struct rtnl *nl, struct owned *o)
{
	static const uint32_t parents[] = {
		TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS),
		TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS),
	};
	struct listing l = { .owned = o, .wanted = is_dead };
	size_t n = o->kind == OWNED_FILTER ? 2 : 1;
	int err = 0, e;

	for (size_t i = 0; i < n && !err; i++) {
		err = list(nl, parents[i], &l);
		e = carry_out(nl, &l);
		if (!err)
			err = e;
	}
	o->qdisc = l.qdisc;
	return err;
}

struct wanted_qdisc {
	int ifindex;
	char *kind;
};

static int on_qdisc(const struct nlmsghdr *msg, void *data)
{
	const struct tcmsg *tc = mnl_nlmsg_get_payload(msg);
	const struct wanted_qdisc *wanted = data;
	const struct nlattr *attr;

	if (mnl_nlmsg_get_payload_len(msg) < sizeof(*tc) || tc->tcm_ifindex != wanted->ifindex ||
	    tc->tcm_parent != TC_H_CLSACT)
		return MNL_CB_OK;
	mnl_attr_for_each(attr, msg, sizeof(struct tcmsg))
		if (mnl_attr_get_type(attr) == TCA_KIND &&
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
			strncpy(wanted->kind, mnl_attr_get_str(attr), 15);
	return MNL_CB_OK;
}

int owned_qdisc(struct rtnl *nl, int ifindex, char kind[16])
{
	struct wanted_qdisc wanted = { .ifindex = ifindex, .kind = kind };
	struct tcmsg *tc;

	/* Asking for the one would tell all listeners of it, as if it were new. */
	memset(kind, 0, 16);
	rtnl_request(nl, RTM_GETQDISC, sizeof(*tc), &tc);
	tc->tcm_ifindex = ifindex;
	return rtnl_talk(nl, NLM_F_DUMP, on_qdisc, &wanted);
}
