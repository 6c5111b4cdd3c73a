/*
 * sk_lookup[:NETNS] and flow_dissector[:NETNS]: bpf links on a network namespace, since Linux 5.9
 * and 5.8. NETNS is a path (/run/netns/blue, /proc/1/ns/net), a name that "ip netns" gave, or a
 * process id; without it, the namespace of the calling thread.
 */
#include <errno.h>
#include <limits.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "attach/hook.h"
#include "net/netns.h"

#define OWN "/proc/thread-self/ns/net"

/* h->name is the namespace, h->flag: it is a process's. */
static int parse(struct hook *h)
{
	uint64_t pid;

	h->flag = hook_parse_number(h->arg, &pid);
	if (h->flag && (!pid || pid > INT_MAX))
		return -EINVAL;
	h->name = strdup(*h->arg ? h->arg : OWN);
	return h->name ? 0 : -ENOMEM;
}

static int open_place(struct hook *h)
{
	int fd = netns_open(h->name);

	if (fd == -ENOENT && h->flag)
		return diag_fail(h->ctx, -ESRCH, "attach",
				 "there is no process %s whose network namespace %s could take",
				 h->name, h->text);
	if (fd == -ENOENT)
		return diag_fail_hint(h->ctx, BCC_ERR_NO_HOOK, "no-hook",
				      "it may be a name of \"ip netns\", a process id, or a path",
				      "there is no network namespace '%s'", h->name);
	if (fd < 0)
		return hook_failed(h, fd, NULL);
	if (ioctl(fd, NS_GET_NSTYPE) != CLONE_NEWNET) {
		close(fd);
		return diag_fail_hint(h->ctx, BCC_ERR_NO_HOOK, "no-hook",
				      "name a file like /run/netns/NAME or /proc/PID/ns/net",
				      "'%s' is no network namespace", h->name);
	}
	return fd;
}

static bool is_dissector(const struct hook *h)
{
	return h->kind == &hook_flow_dissector;
}

static int prepare(struct hook *h, struct load_spec *spec)
{
	int netns = open_place(h);

	if (netns < 0)
		return netns;
	close(netns);
	return is_dissector(h) ? spec_set(h, spec, BPF_PROG_TYPE_FLOW_DISSECTOR,
					  BPF_FLOW_DISSECTOR, NULL) :
				 spec_set(h, spec, BPF_PROG_TYPE_SK_LOOKUP, BPF_SK_LOOKUP, NULL);
}

static int attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	const char *hint = NULL;
	int fd, netns = open_place(h);

	if (netns < 0)
		return netns;
	fd = bpf_link_create(load->fd, netns, is_dissector(h) ? BPF_FLOW_DISSECTOR : BPF_SK_LOOKUP,
			     NULL);
	close(netns);
	if (fd >= 0)
		return attachment_link(h, out, fd, "netns link");
	if (is_dissector(h) && (fd == -EEXIST || fd == -E2BIG))
		hint = "a namespace has one flow dissector; one in the first namespace of the "
		       "machine excludes those of the others, and the other way round";
	else if (fd == -E2BIG)
		hint = "a namespace takes 64 programs of this kind";
	return hook_failed(h, fd, hint);
}

const struct hook_kind hook_sk_lookup = {
	.name = "sk_lookup",
	.form = "sk_lookup or sk_lookup:NETNS (a path, a name, a process id)",
	.what = "network namespace",
	.bare = true,
	.network = true,
	.parse = parse,
	.prepare = prepare,
	.attach = attach,
};

const struct hook_kind hook_flow_dissector = {
	.name = "flow_dissector",
	.form = "flow_dissector or flow_dissector:NETNS (a path, a name, a process id)",
	.what = "network namespace",
	.bare = true,
	.network = true,
	.parse = parse,
	.prepare = prepare,
	.attach = attach,
};
