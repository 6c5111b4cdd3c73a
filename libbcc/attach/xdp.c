/*
 * xdp:IFACE[@NETNS][:MODE]: what arrives at an interface, before the kernel makes a packet of it.
 * Without a mode it is native, in the driver, and generic where the driver has none. One program an
 * interface; its link (Linux 5.9) keeps others away.
 */
#include <errno.h>
#include <linux/if_link.h>
#include <linux/version.h>
#include <string.h>

#include "attach/net_hook.h"

enum { MODE_NATIVE, MODE_GENERIC, MODE_OFFLOAD, MODE_BEST };

static const char *const words[] = { "native", "generic", "offload" };

static int parse(struct hook *h)
{
	int err = net_parse_iface_word(h, words, 3);

	if (err != -EINVAL)
		return err;
	h->number = MODE_BEST;
	return net_parse_iface(h, h->arg, strlen(h->arg));
}

/* A card runs what was made for it alone. */
static int bind_to_device(struct hook *h, struct load_spec *spec)
{
	struct net_place place;
	int err = net_open(h, &place);

	if (err)
		return err;
	spec->ifindex = place.ifindex;
	net_close(&place);
	if (h->group)
		return diag_fail(h->ctx, -EINVAL, "hook",
				 "%s: a program is made for a network card only in the network "
				 "namespace of its loader", h->text);
	return 0;
}

/* For packets in fragments, which kernels before 5.18 do not know; some of these have it all the
 * same, and this function with it. */
static int check_frags(struct hook *h)
{
	struct kernel *k;
	int err;

	if (strncmp(h->prog->section, "xdp.frags", strlen("xdp.frags")))
		return 0;
	err = context_kernel(h->ctx, &k);
	if (err || kernel_version_code() >= KERNEL_VERSION(5, 18, 0) ||
	    kernel_has_function(k, "bpf_xdp_get_buff_len"))
		return err;
	return net_too_old(h, "XDP for packets in fragments", "5.18",
			   "in a section \"xdp\" the program works with packets in one piece");
}

static int prepare(struct hook *h, struct load_spec *spec)
{
	enum bpf_attach_type written = bpf_program__expected_attach_type(h->prog->bp);
	int err;

	if (bpf_program__type(h->prog->bp) == BPF_PROG_TYPE_XDP &&
	    (written == BPF_XDP_DEVMAP || written == BPF_XDP_CPUMAP))
		return diag_fail_hint(h->ctx, -EINVAL, "hook",
				      "put bcc_program_fd() into an entry of the map",
				      "program '%s' (\"%s\") belongs into a map, not on %s",
				      h->prog->name, h->prog->section, h->text);
	err = net_spec(h, spec, BPF_PROG_TYPE_XDP, NET_XDP);
	if (!err)
		err = check_frags(h);
	if (err)
		return err;
	spec->expected = BPF_XDP;
	return h->number == MODE_OFFLOAD ? bind_to_device(h, spec) : 0;
}

static int failed(struct hook *h, const struct net_place *p, int err)
{
	const char *hint = NULL;

	if (err == -EOPNOTSUPP)
		return diag_fail_hint(h->ctx, BCC_ERR_KERNEL, "kernel",
				      h->number == MODE_OFFLOAD ?
				      "only few network cards run programs themselves" :
				      "choose generic, or no mode",
				      "cannot attach program '%s' to %s: the driver of %s has no %s "
				      "XDP", h->prog->name, h->text, p->ifname,
				      h->number == MODE_OFFLOAD ? "offloaded" : "native");
	if (err == -EBUSY || err == -EEXIST)
		hint = "an interface has one XDP program, and this one has it already (ip link "
		       "show names it)";
	else if (err == -EINVAL)
		hint = "the driver refuses it: a large MTU needs a program in a section "
		       "\"xdp.frags\"; the mode generic may do";
	return net_failed(h, err, NULL, hint);
}

static int attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	static const struct {
		uint32_t flag;
		const char *mechanism;
	} modes[] = {
		[MODE_NATIVE] = { XDP_FLAGS_DRV_MODE, "xdp link (native)" },
		[MODE_GENERIC] = { XDP_FLAGS_SKB_MODE, "xdp link (generic)" },
		[MODE_OFFLOAD] = { XDP_FLAGS_HW_MODE, "xdp link (offload)" },
	};
	size_t mode = h->number == MODE_BEST ? MODE_NATIVE : h->number;
	struct net_link link = { .program = (uint32_t)load->fd, .kind = BPF_XDP };
	struct net_place place;
	int fd, err;

	err = net_open(h, &place);
	if (err)
		return err;
	link.target = (uint32_t)place.ifindex;
	link.flags = modes[mode].flag;
	fd = net_link_create(&place, &link);
	if (fd == -EOPNOTSUPP && h->number == MODE_BEST) {
		mode = MODE_GENERIC;
		link.flags = modes[mode].flag;
		fd = net_link_create(&place, &link);
	}
	err = fd < 0 ? failed(h, &place, fd) :
		       attachment_link(h, out, fd, modes[mode].mechanism);
	if (!err && h->number == MODE_BEST && mode == MODE_GENERIC)
		attachment_why(out, "the driver of %s has no native XDP", place.ifname);
	net_close(&place);
	return err;
}

const struct hook_kind hook_xdp = {
	.name = "xdp",
	.form = "xdp:INTERFACE[@NETNS][:native|generic|offload]",
	.what = "network interface",
	.network = true,
	.parse = parse,
	.prepare = prepare,
	.attach = attach,
};
