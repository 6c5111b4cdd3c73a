/*
 * netfilter:ipv4|ipv6:POINT[:PRIORITY][@NETNS]: packets on their way through the stack, as iptables
 * and nftables see them (Linux 6.4). Lower priorities come first; 0 is the default.
 */
#include <errno.h>
#include <limits.h>
#include <linux/netfilter.h>
#include <linux/version.h>
#include <stdlib.h>
#include <string.h>

#include "attach/net_hook.h"

/* Since Linux 6.4. */
#define TYPE_NETFILTER ((enum bpf_prog_type)32)
#define ATTACH_NETFILTER ((enum bpf_attach_type)45)

static const struct {
	const char *name;
	uint32_t protocol;
} families[] = { { "ipv4", NFPROTO_IPV4 }, { "ipv6", NFPROTO_IPV6 } };

static const char *const points[] = {
	[NF_INET_PRE_ROUTING] = "prerouting", [NF_INET_LOCAL_IN] = "input",
	[NF_INET_FORWARD] = "forward",	      [NF_INET_LOCAL_OUT] = "output",
	[NF_INET_POST_ROUTING] = "postrouting",
};

struct target {
	uint32_t protocol, point;
	int32_t priority;
};

static bool is_word(const char *text, size_t size, const char *word)
{
	return strlen(word) == size && !memcmp(text, word, size);
}

static bool read_priority(const char *text, size_t size, int32_t *out)
{
	char copy[16], *end;
	long value;

	if (!size || size >= sizeof(copy) || !strchr("-0123456789", *text))
		return false;
	memcpy(copy, text, size);
	copy[size] = '\0';
	errno = 0;
	value = strtol(copy, &end, 10);
	if (errno || *end || end == copy || value < INT_MIN || value > INT_MAX)
		return false;
	*out = (int32_t)value;
	return true;
}

/* "FAMILY:POINT[:PRIORITY]" of size bytes. */
static int read_target(const char *text, size_t size, struct target *out)
{
	const char *end = text + size, *point = memchr(text, ':', size), *priority;
	size_t n;

	*out = (struct target){ .point = UINT32_MAX };
	if (!point)
		return -EINVAL;
	for (size_t i = 0; i < 2; i++)
		if (is_word(text, (size_t)(point - text), families[i].name))
			out->protocol = families[i].protocol;
	point++;
	priority = memchr(point, ':', (size_t)(end - point));
	n = (size_t)((priority ? priority : end) - point);
	for (uint32_t i = 0; i < sizeof(points) / sizeof(*points); i++)
		if (is_word(point, n, points[i]))
			out->point = i;
	if (!out->protocol || out->point == UINT32_MAX)
		return -EINVAL;
	if (priority &&
	    !read_priority(priority + 1, (size_t)(end - priority - 1), &out->priority))
		return -EINVAL;
	return 0;
}

static int parse(struct hook *h)
{
	struct target target;
	size_t size;
	int err = net_parse_netns(h, &size);

	return err ? err : read_target(h->arg, size, &target);
}

static int prepare(struct hook *h, struct load_spec *spec)
{
	struct kernel *k;
	int err = context_kernel(h->ctx, &k);

	if (err)
		return err;
	if (!kernel_has_struct(k, "bpf_nf_ctx") && kernel_version_code() < KERNEL_VERSION(6, 4, 0))
		return net_too_old(h, "programs on netfilter", "6.4",
				   "tc: sees the packets of one interface");
	err = net_spec(h, spec, TYPE_NETFILTER, NET_NETFILTER);
	spec->expected = ATTACH_NETFILTER;
	return err;
}

static int attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	struct net_link link = { .program = (uint32_t)load->fd, .kind = ATTACH_NETFILTER };
	const char *hint = NULL;
	struct target target;
	struct net_place place;
	int fd, err;

	err = net_open(h, &place);
	if (err)
		return err;
	read_target(h->arg, strcspn(h->arg, "@"), &target);
	link.more[0] = target.protocol;
	link.more[1] = target.point;
	link.more[2] = (uint32_t)target.priority;
	fd = net_link_create(&place, &link);
	if (fd == -ERANGE)
		hint = "the lowest and the highest priority are the kernel's own";
	else if (fd == -EBUSY)
		hint = "another program has this priority there: choose another one";
	else if (fd == -EAFNOSUPPORT)
		hint = "the kernel has no netfilter for this family";
	err = fd < 0 ? net_failed(h, fd, NULL, hint) :
		       attachment_link(h, out, fd, "netfilter link");
	net_close(&place);
	return err;
}

const struct hook_kind hook_netfilter = {
	.name = "netfilter",
	.form = "netfilter:ipv4|ipv6:prerouting|input|forward|output|postrouting[:PRIORITY][@NETNS]",
	.what = "netfilter hook",
	.network = true,
	.parse = parse,
	.prepare = prepare,
	.attach = attach,
};
