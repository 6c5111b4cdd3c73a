/*
 * Making what stays in the kernel, in the order in which nothing can be left behind: remove what
 * the dead have left, arm the program that undoes, then make. A clsact qdisc is ours if there was
 * none, or if a filter of this library says so (net/owned.h).
 */
#include <errno.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/net_hook.h"
#include "net/netns.h"
#include "net/guard.h"

#define ATTEMPTS 4 /* while others make and remove the same qdisc */

static int open_socket(void *data)
{
	return rtnl_open(data);
}

/* Arms bcc-undo with a socket of its own. */
static int arm(struct net_making *m, struct guard *out)
{
	struct hook *h = m->hook;
	struct rtnl *nl = NULL;
	int err;

	err = mark_make(m->owned.mark, m->owned.qdisc, h->prog->name);
	if (!err)
		err = netns_run(m->place->netns, open_socket, &nl);
	if (err)
		return net_failed(h, err, NULL, NULL);
	err = guard_arm(h->ctx, &m->owned, rtnl_fd(nl), out);
	rtnl_close(nl);
	return err;
}

static int add_qdisc(struct net_making *m)
{
	struct rtnl *nl = m->place->nl;
	struct nlmsghdr *msg;
	struct tcmsg *tc;

	msg = rtnl_request(nl, RTM_NEWQDISC, sizeof(*tc), &tc);
	tc->tcm_ifindex = m->place->ifindex;
	tc->tcm_handle = TC_H_MAKE(TC_H_CLSACT, 0);
	tc->tcm_parent = TC_H_CLSACT;
	mnl_attr_put_strz(msg, TCA_KIND, "clsact");
	return rtnl_talk(nl, NLM_F_CREATE | NLM_F_EXCL, NULL, NULL);
}

/* What is in clsact's place, and whether it will have to be made. */
static int look_at_qdisc(struct net_making *m, bool *needed)
{
	struct hook *h = m->hook;
	char kind[16];
	int err;

	err = owned_qdisc(m->place->nl, m->place->ifindex, kind);
	if (err)
		return net_failed(h, err, rtnl_said(m->place->nl), NULL);
	*needed = !*kind;
	if (*needed)
		m->owned.qdisc = true;
	if (!strcmp(kind, "ingress") &&
	    m->owned.parent == TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS))
		return diag_fail_hint(h->ctx, -EBUSY, "attach",
				      "replace it: tc qdisc replace dev IFACE clsact",
				      "cannot attach program '%s' to %s: there is a qdisc "
				      "\"ingress\", which has no egress, in the place of clsact",
				      h->prog->name, h->text);
	return 0;
}

static int failed(struct net_making *m, int err)
{
	const char *said = m->said;
	const char *hint = NULL;

	if (err == -ENOENT || err == -EOPNOTSUPP)
		return diag_fail_hint(m->hook->ctx, BCC_ERR_KERNEL, "kernel", m->needs,
				      "cannot attach program '%s' to %s: %s (%s)%s%s",
				      m->hook->prog->name, m->hook->text, bcc_strerror(err),
				      bcc_error_name(err), *said ? "; the kernel says: " : "", said);
	if (err == -EEXIST && m->owned.kind == OWNED_ROUTE)
		hint = "there is such a route already: take a longer prefix, or remove it";
	return net_failed(m->hook, err, said, hint);
}

static void keep_words(struct net_making *m)
{
	snprintf(m->said, sizeof(m->said), "%s", rtnl_said(m->place->nl));
}

/* Makes the qdisc if it is needed, and the thing itself. */
static int make_both(struct net_making *m, bool needed)
{
	char kind[16];
	int err = needed ? add_qdisc(m) : 0;

	keep_words(m);
	if (needed && err == -EEXIST)
		return -EAGAIN;
	if (err)
		return err;
	err = m->make(m);
	keep_words(m);
	/* A filter without its qdisc is invalid: its last other user has just removed it. */
	if (err == -EINVAL && m->owned.kind == OWNED_FILTER &&
	    !owned_qdisc(m->place->nl, m->place->ifindex, kind) && !*kind)
		return -EAGAIN;
	return err;
}

/* One attempt. -EAGAIN without a diagnostic: somebody was at the qdisc at the same time. */
static int make_once(struct net_making *m, struct guard *guard)
{
	struct undo_answer ignored;
	bool needed = false;
	int err;

	err = owned_sweep(m->place->nl, &m->owned);
	if (err)
		return net_failed(m->hook, err, rtnl_said(m->place->nl), NULL);
	if (m->owned.kind == OWNED_FILTER) {
		err = look_at_qdisc(m, &needed);
		if (err)
			return err;
	}
	err = arm(m, guard);
	if (err)
		return err;
	err = make_both(m, needed);
	if (!err)
		return 0;
	if (err != -EAGAIN)
		err = failed(m, err);
	guard_run(guard, &ignored);
	return err;
}

/* The attachment's own part of it. */
struct net_undo {
	struct undo undo;
	struct bcc_context *ctx;
	struct guard guard;
	char hook[];
};

static int run_undo(struct undo *undo, const struct attachment *a)
{
	struct net_undo *u = (struct net_undo *)undo;
	struct undo_answer answer;
	int err = guard_run(&u->guard, &answer);

	if (!err)
		return 0;
	return diag_fail(u->ctx, err, "detach", "the %s of %s could not be taken away: %s (%s)%s%s",
			 a->mechanism, u->hook, bcc_strerror(err), bcc_error_name(err),
			 *answer.said ? "; the kernel says: " : "", answer.said);
}

int net_make(struct net_making *m, const char *mechanism, struct attachment *out)
{
	struct net_undo *u = calloc(1, sizeof(*u) + strlen(m->hook->text) + 1);
	int err = -EAGAIN;

	if (!u)
		return diag_fail(m->hook->ctx, -ENOMEM, "memory", "out of memory");
	u->undo.run = run_undo;
	u->ctx = m->hook->ctx;
	strcpy(u->hook, m->hook->text);
	m->owned.ifindex = m->place->ifindex;
	for (int i = 0; i < ATTEMPTS && err == -EAGAIN; i++)
		err = make_once(m, &u->guard);
	if (err == -EAGAIN)
		err = net_failed(m->hook, err, NULL,
				 "something else keeps changing the qdisc clsact there");
	if (err)
		free(u);
	else
		*out = (struct attachment){ .undo = &u->undo, .mechanism = mechanism };
	return err;
}
