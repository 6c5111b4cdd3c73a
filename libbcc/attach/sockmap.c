/*
 * sk_skb:TABLE:KIND and sk_msg:TABLE, on the sockets in a sockmap or sockhash of the module. A bpf
 * link since Linux 6.10. Before, the program is on the map itself: the undo takes it off, and the
 * kernel does so when nobody has the map open any more, which a pinned map puts off: that is warned
 * of.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "attach/hook.h"

static const struct {
	const char *name;
	enum bpf_attach_type attach;
} verdicts[] = {
	{ "parser", BPF_SK_SKB_STREAM_PARSER },
	{ "stream_verdict", BPF_SK_SKB_STREAM_VERDICT },
	{ "verdict", BPF_SK_SKB_VERDICT },
};

#define N_VERDICTS (sizeof(verdicts) / sizeof(*verdicts))

/* On a map without a link. The attachment's descriptors are the program and the map. */
struct map_undo {
	struct undo undo;
	enum bpf_attach_type attach;
};

/* h->name is the table, h->number the attach type. */
static int parse_skb(struct hook *h)
{
	const char *colon = strchr(h->arg, ':');

	if (!colon || colon == h->arg)
		return -EINVAL;
	for (size_t i = 0; i < N_VERDICTS; i++)
		if (!strcmp(verdicts[i].name, colon + 1)) {
			h->number = verdicts[i].attach;
			h->name = strndup(h->arg, colon - h->arg);
			return h->name ? 0 : -ENOMEM;
		}
	return -EINVAL;
}

static int parse_msg(struct hook *h)
{
	h->number = BPF_SK_MSG_VERDICT;
	return hook_parse_name(h);
}

static int find_map(struct hook *h, const struct module_map **out)
{
	const struct bcc_module *mod = h->prog->mod;
	enum bpf_map_type type;

	for (size_t i = 0; i < mod->n_maps; i++) {
		if (strcmp(mod->maps[i].name, h->name))
			continue;
		type = bpf_map__type(mod->maps[i].map);
		if (type != BPF_MAP_TYPE_SOCKMAP && type != BPF_MAP_TYPE_SOCKHASH)
			return diag_fail_hint(h->ctx, BCC_ERR_NO_HOOK, "no-hook",
					      "programs are on tables made by BPF_SOCKMAP or "
					      "BPF_SOCKHASH",
					      "table '%s' does not hold sockets", h->name);
		*out = &mod->maps[i];
		return 0;
	}
	return diag_fail(h->ctx, BCC_ERR_NO_HOOK, "no-hook",
			 "module '%s' has no table '%s' that %s could be on", mod->name, h->name,
			 h->text);
}

static int prepare(struct hook *h, struct load_spec *spec)
{
	const struct module_map *m;
	int err = find_map(h, &m);

	return err ? err :
		     spec_set(h, spec, h->kind == &hook_sk_msg ? BPF_PROG_TYPE_SK_MSG :
								 BPF_PROG_TYPE_SK_SKB,
			      (enum bpf_attach_type)h->number, NULL);
}

static int fail(struct hook *h, int err)
{
	switch (err) {
	case -EBUSY:
		return hook_failed(h, err,
				   "the table has a program of this kind already (verdict and "
				   "stream_verdict exclude each other)");
	case -EINVAL:
		if (h->number == BPF_SK_SKB_VERDICT)
			return diag_fail_hint(h->ctx, BCC_ERR_KERNEL, "attach",
					      "use stream_verdict",
					      "this kernel cannot attach program '%s' to %s: "
					      "verdict needs Linux 5.13", h->prog->name, h->text);
		/* fall through */
	case -EOPNOTSUPP:
		return hook_failed(h, err, "the kernel may be built without "
				   "CONFIG_BPF_STREAM_PARSER or CONFIG_NET_SOCK_MSG");
	default:
		return hook_failed(h, err, NULL);
	}
}

static int take_off(struct undo *undo, const struct attachment *a)
{
	const struct map_undo *u = (const struct map_undo *)undo;

	/* Nothing happens when another program has taken its place. */
	bpf_prog_detach2(a->fds[0], a->fds[1], u->attach);
	return 0;
}

static int attach_to_map(struct hook *h, const struct program_load *load,
			 const struct module_map *m, struct attachment *out)
{
	const int held[] = { load->fd, bpf_map__fd(m->map) };
	struct map_undo *u = NULL;
	int err = attachment_reserve(h, out, 2);

	if (err)
		return err;
	for (int i = 0; i < 2; i++) {
		out->fds[i] = fcntl(held[i], F_DUPFD_CLOEXEC, 3);
		if (out->fds[i] < 0) {
			err = hook_failed(h, -errno, NULL);
			goto fail;
		}
		out->n++;
	}
	u = calloc(1, sizeof(*u));
	if (!u) {
		err = diag_fail(h->ctx, -ENOMEM, "memory", "out of memory");
		goto fail;
	}
	*u = (struct map_undo){ .undo.run = take_off, .attach = (enum bpf_attach_type)h->number };
	err = bpf_prog_attach(out->fds[0], out->fds[1], u->attach, 0);
	if (err) {
		err = fail(h, err);
		goto fail;
	}
	out->undo = &u->undo;
	out->mechanism = "program on the map";
	attachment_why(out, "this kernel has no links for tables of sockets (Linux 6.10 has)");
	if (m->pin)
		diag_done(h->ctx, diag_add(h->ctx, BCC_WARNING, "pinned",
					   "table '%s' is pinned: should this process be killed, "
					   "program '%s' stays on it (this kernel has no links for "
					   "it, they need Linux 6.10)",
					   h->name, h->prog->name));
	return 0;
fail:
	free(u);
	attachment_destroy(out);
	return err;
}

static int attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	const struct module_map *m;
	int fd, err = find_map(h, &m);

	if (err)
		return err;
	fd = bpf_link_create(load->fd, bpf_map__fd(m->map), (enum bpf_attach_type)h->number, NULL);
	if (fd >= 0)
		return attachment_link(h, out, fd, "sockmap link");
	return fd == -EINVAL ? attach_to_map(h, load, m, out) : fail(h, fd);
}

const struct hook_kind hook_sk_skb = {
	.name = "sk_skb",
	.form = "sk_skb:TABLE:parser, sk_skb:TABLE:stream_verdict or sk_skb:TABLE:verdict",
	.what = "table",
	.network = true,
	.parse = parse_skb,
	.prepare = prepare,
	.attach = attach,
};

const struct hook_kind hook_sk_msg = {
	.name = "sk_msg",
	.form = "sk_msg:TABLE",
	.what = "table",
	.network = true,
	.parse = parse_msg,
	.prepare = prepare,
	.attach = attach,
};
