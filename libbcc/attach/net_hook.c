/*
 * Where a hook of the network is, the links there, and what is said when it does not work.
 */
#include <errno.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attach/near.h"
#include "attach/net_hook.h"
#include "net/netns.h"

#define LISTED 8 /* interfaces that a hint names */

/* --- the namespace --- */

static int nothing(void *data)
{
	(void)data;
	return 0;
}

static int netns_failed(struct hook *h, int err)
{
	bool process = strspn(h->group, "0123456789") == strlen(h->group);

	if (err == -ENOENT && process)
		return diag_fail(h->ctx, -ESRCH, "attach", "there is no process %s", h->group);
	if (err == -ENOENT)
		return diag_fail_hint(h->ctx, BCC_ERR_NO_HOOK, "no-hook",
				      "it may be a name of \"ip netns\", a process id, or a path",
				      "there is no network namespace %s", h->group);
	if (err == -EINVAL)
		return diag_fail_hint(h->ctx, -EINVAL, "hook",
				      "name a file like /run/netns/NAME or /proc/PID/ns/net",
				      "%s is no network namespace", h->group);
	if (err == -EPERM || err == -EACCES)
		return diag_fail_hint(h->ctx, BCC_ERR_PRIVILEGE, "privilege", "run it with sudo",
				      "the network namespace %s cannot be entered: that needs the "
				      "capabilities CAP_SYS_ADMIN and, for another user's process, "
				      "CAP_SYS_PTRACE",
				      h->group);
	return diag_fail(h->ctx, err, "netns", "the network namespace %s cannot be entered: %s (%s)",
			 h->group, bcc_strerror(err), bcc_error_name(err));
}

static int open_netns(struct hook *h, struct net_place *p)
{
	int err;

	p->netns = -1;
	if (!h->group)
		return 0;
	p->netns = netns_open(h->group);
	err = p->netns < 0 ? p->netns : netns_run(p->netns, nothing, NULL);
	return err ? netns_failed(h, err) : 0;
}

static int open_socket(void *data)
{
	return rtnl_open(data);
}

/* --- the interface --- */

static int on_link(const struct nlmsghdr *msg, void *data)
{
	const struct ifinfomsg *link = mnl_nlmsg_get_payload(msg);
	struct net_place *p = data;
	const struct nlattr *attr;

	p->ifindex = link->ifi_index;
	mnl_attr_for_each(attr, msg, sizeof(*link))
		if (mnl_attr_get_type(attr) == IFLA_IFNAME &&
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
			snprintf(p->ifname, sizeof(p->ifname), "%s", mnl_attr_get_str(attr));
	return MNL_CB_OK;
}

/* The near names, and the first of all names in case that there are none. */
struct listed {
	struct near near;
	char all[(IFNAMSIZ + 2) * LISTED + 8];
	size_t n;
};

static int on_listed(const struct nlmsghdr *msg, void *data)
{
	struct net_place p = { 0 };
	struct listed *l = data;
	size_t used = strlen(l->all);

	on_link(msg, &p);
	near_add(&l->near, p.ifname);
	if (l->n < LISTED)
		snprintf(l->all + used, sizeof(l->all) - used, "%s%s", l->n ? ", " : "", p.ifname);
	else if (l->n == LISTED)
		strcat(l->all, ", ...");
	l->n++;
	return MNL_CB_OK;
}

static int no_interface(struct hook *h, struct net_place *p)
{
	struct listed l = { 0 };
	struct ifinfomsg *link;
	struct bcc_diag *diag;
	char *near;

	near_begin(&l.near, h->name, strlen(h->name));
	rtnl_request(p->nl, RTM_GETLINK, sizeof(*link), &link);
	rtnl_talk(p->nl, NLM_F_DUMP, on_listed, &l);
	near = near_end(&l.near);
	diag = diag_add(h->ctx, BCC_ERROR, "no-hook", "there is no network interface '%s'%s%s",
			h->name, h->group ? " in the network namespace " : "",
			h->group ? h->group : "");
	if (near && *near)
		diag_hint(diag, "similar names: %s", near);
	else if (l.n)
		diag_hint(diag, "the interfaces are %s", l.all);
	diag_done(h->ctx, diag);
	free(near);
	return BCC_ERR_NO_HOOK;
}

/* By name; by an alternative name (Linux 5.5); by number when nothing has it for a name. */
static int find_interface(struct hook *h, struct net_place *p)
{
	static const uint16_t attributes[] = { IFLA_IFNAME, IFLA_ALT_IFNAME, 0 };
	struct nlmsghdr *msg;
	struct ifinfomsg *link;
	uint64_t index;
	int err = -ENODEV;

	for (size_t i = 0; i < 3 && err == -ENODEV; i++) {
		msg = rtnl_request(p->nl, RTM_GETLINK, sizeof(*link), &link);
		if (attributes[i] == IFLA_IFNAME && strlen(h->name) >= IFNAMSIZ)
			continue;
		if (attributes[i])
			mnl_attr_put_strz(msg, attributes[i], h->name);
		else if (hook_parse_number(h->name, &index) && index && index <= INT32_MAX)
			link->ifi_index = (int)index;
		else
			break;
		err = rtnl_talk(p->nl, 0, on_link, p);
		if (attributes[i] == IFLA_ALT_IFNAME && (err == -EINVAL || err == -ERANGE))
			err = -ENODEV;
	}
	if (err == -ENODEV)
		return no_interface(h, p);
	return err ? net_failed(h, err, rtnl_said(p->nl), NULL) : 0;
}

int net_open(struct hook *h, struct net_place *p)
{
	int err;

	*p = (struct net_place){ .netns = -1 };
	err = open_netns(h, p);
	if (err)
		goto out;
	err = netns_run(p->netns, open_socket, &p->nl);
	if (err)
		err = net_failed(h, err, NULL, NULL);
	else if (h->name)
		err = find_interface(h, p);
out:
	if (err)
		net_close(p);
	return err;
}

void net_close(struct net_place *p)
{
	rtnl_close(p->nl);
	if (p->netns >= 0)
		close(p->netns);
	*p = (struct net_place){ .netns = -1 };
}

/* --- programs and links --- */

/* What a program's section says of its context; what says nothing fits everywhere. */
static bool fits(enum bpf_prog_type type, enum net_context context)
{
	switch (type) {
	case BPF_PROG_TYPE_UNSPEC:
	case BPF_PROG_TYPE_KPROBE: /* also what has no section and void *ctx */
		return true;
	case BPF_PROG_TYPE_XDP:
		return context == NET_XDP;
	case BPF_PROG_TYPE_SOCKET_FILTER:
	case BPF_PROG_TYPE_SCHED_CLS:
	case BPF_PROG_TYPE_SCHED_ACT:
	case BPF_PROG_TYPE_CGROUP_SKB:
	case BPF_PROG_TYPE_LWT_IN:
	case BPF_PROG_TYPE_LWT_OUT:
	case BPF_PROG_TYPE_LWT_XMIT:
	case BPF_PROG_TYPE_LWT_SEG6LOCAL:
	case BPF_PROG_TYPE_SK_SKB:
		return context == NET_PACKET;
	default:
		return false;
	}
}

int net_spec(struct hook *h, struct load_spec *spec, enum bpf_prog_type type,
	     enum net_context context)
{
	static const char *const parameters[] = {
		[NET_PACKET] = "struct __sk_buff *",
		[NET_XDP] = "struct xdp_md *",
		[NET_NETFILTER] = "struct bpf_nf_ctx *",
	};
	enum bpf_prog_type written = bpf_program__type(h->prog->bp);

	if (written != type && !fits(written, context))
		return diag_fail_hint(h->ctx, -EINVAL, "hook",
				      "choose a hook of the kind that it is written for",
				      "program '%s' is written for \"%s\", but the parameter of a "
				      "program on %s is %s",
				      h->prog->name, h->prog->section, h->text,
				      parameters[context]);
	return spec_set(h, spec, type, 0, NULL);
}

static int create(void *data)
{
	/* The kernel opens it close-on-exec. */
	long fd = syscall(SYS_bpf, BPF_LINK_CREATE, data, sizeof(struct net_link));

	return fd < 0 ? -errno : (int)fd;
}

int net_link_create(const struct net_place *p, struct net_link *attr)
{
	return netns_run(p->netns, create, attr);
}

/* --- what is said --- */

int net_failed(struct hook *h, int err, const char *said, const char *hint)
{
	if (!said || !*said || err == -EPERM || err == -EACCES)
		return hook_failed(h, err, hint);
	return diag_fail_hint(h->ctx, err, "attach", hint,
			      "cannot attach program '%s' to %s: %s (%s); the kernel says: %s",
			      h->prog->name, h->text, bcc_strerror(err), bcc_error_name(err), said);
}

int net_too_old(struct hook *h, const char *what, const char *since, const char *hint)
{
	return diag_fail_hint(h->ctx, BCC_ERR_KERNEL, "kernel", hint,
			      "cannot attach program '%s' to %s: this kernel has no %s (since "
			      "Linux %s, unless it is built without)",
			      h->prog->name, h->text, what, since);
}
