/*
 * What the kernel says of a bpf link, and what bcc_link_describe() makes of it. Numbers and layouts
 * are the kernel's; those that are newer than the headers stand in link.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "attach/link.h"

enum {
	RAW_TRACEPOINT = 1, TRACING, CGROUP, ITER, NETNS, XDP, PERF_EVENT, KPROBE_MULTI, STRUCT_OPS,
	NETFILTER, TCX, UPROBE_MULTI_LINK, NETKIT, SOCKMAP,
};

static const struct {
	const char *name;
	bool updates;
} types[] = {
	[RAW_TRACEPOINT] = { "raw tracepoint link", false },
	[TRACING] = { "tracing link", false },
	[CGROUP] = { "cgroup link", true },
	[ITER] = { "iterator link", true },
	[NETNS] = { "netns link", true },
	[XDP] = { "xdp link", true },
	[PERF_EVENT] = { "perf link", false },
	[KPROBE_MULTI] = { "kprobe multi link", false },
	[STRUCT_OPS] = { "struct_ops link", false }, /* its map can be, no program of it */
	[NETFILTER] = { "netfilter link", false },
	[TCX] = { "tcx link", true },
	[UPROBE_MULTI_LINK] = { "uprobe multi link", false },
	[NETKIT] = { "netkit link", true },
	[SOCKMAP] = { "sockmap link", true },
};

#define N_TYPES (sizeof(types) / sizeof(*types))

const char *link_type_name(uint32_t type)
{
	return type < N_TYPES && types[type].name ? types[type].name : "bpf link";
}

bool link_type_updates(uint32_t type)
{
	return type < N_TYPES && types[type].updates;
}

/* Asks for the name, too, where one is behind a pointer. True when the kernel is to be asked. */
static bool ask_name(struct link_info *info, char *name, size_t size)
{
	switch (info->type) {
	case RAW_TRACEPOINT:
	case ITER:
		info->of.named.name = (uintptr_t)name;
		info->of.named.name_size = size;
		return true;
	case PERF_EVENT:
		if (!info->of.perf.kind) /* before 6.6 it says nothing */
			return false;
		info->of.perf.name = (uintptr_t)name;
		info->of.perf.name_size = size;
		return true;
	}
	return false;
}

int link_info_read(int fd, struct link_info *info, char *name, size_t size)
{
	struct link_info named;
	uint32_t length = sizeof(*info);
	int err;

	*info = (struct link_info){ 0 };
	err = bpf_obj_get_info_by_fd(fd, info, &length);
	if (err || !size)
		return err;
	name[0] = '\0';
	named = (struct link_info){ .type = info->type, .of.perf.kind = info->of.perf.kind };
	if (!ask_name(&named, name, size))
		return 0;
	/* What is passed in must be nothing but the buffer. */
	named.type = 0;
	if (info->type == PERF_EVENT)
		named.of.perf.kind = 0;
	length = sizeof(named);
	if (bpf_obj_get_info_by_fd(fd, &named, &length))
		name[0] = '\0';
	else
		*info = named;
	name[size - 1] = '\0';
	return 0;
}

/* What a perf link is on, by the kernel's numbers. */
static const char *perf_kind(uint32_t kind)
{
	static const char *const names[] = {
		NULL, "uprobe", "uretprobe", "kprobe", "kretprobe", "tracepoint", "perf event",
	};

	return kind < sizeof(names) / sizeof(*names) ? names[kind] : NULL;
}

static int spell(const struct link_info *info, const char *name, char **out)
{
	const char *kind;

	switch (info->type) {
	case RAW_TRACEPOINT:
		return asprintf(out, "raw tracepoint %s", name);
	case TRACING:
		kind = libbpf_bpf_attach_type_str(info->of.tracing.attach_type);
		return asprintf(out, "%s, BTF type %u of object %u", kind ? kind : "tracing",
				info->of.tracing.btf_id, info->of.tracing.object);
	case CGROUP:
		kind = libbpf_bpf_attach_type_str(info->of.cgroup.attach_type);
		return asprintf(out, "%s of cgroup %llu", kind ? kind : "hook",
				(unsigned long long)info->of.cgroup.id);
	case ITER:
		return asprintf(out, "iterator over %s", name);
	case NETNS:
		kind = libbpf_bpf_attach_type_str(info->of.netns.attach_type);
		return asprintf(out, "%s of network namespace %u", kind ? kind : "hook",
				info->of.netns.inode);
	case XDP:
	case TCX:
	case NETKIT:
		return asprintf(out, "interface %u", info->of.device.ifindex);
	case PERF_EVENT:
		kind = perf_kind(info->of.perf.kind);
		if (kind && *name)
			return asprintf(out, "%s %s", kind, name);
		return asprintf(out, "%s", kind ? kind : "");
	}
	return asprintf(out, "%s", "");
}

/* What the kernel says of the link's one bpf link. */
static int ask_kernel(struct bcc_link *link, struct bcc_link_info *info)
{
	char name[512];
	struct link_info said;
	int fd = link_fd(link, &info->n_links);

	free(link->target);
	link->target = NULL;
	if (fd < 0 || link_info_read(fd, &said, name, sizeof(name)))
		return 0;
	info->id = said.id;
	info->program_id = said.program_id;
	if (spell(&said, name, &link->target) >= 0)
		return 0;
	link->target = NULL;
	return diag_fail(link->ctx, -ENOMEM, "memory", "out of memory");
}

int bcc_link_describe(struct bcc_link *link, struct bcc_link_info *out)
{
	const struct attachment *a;
	struct bcc_link_info info;
	size_t size;
	int err;

	if (!link || !out || out->size < sizeof(out->size) || out->size > BCC_OPTS_MAX)
		return -EINVAL;
	a = &link->attachment;
	info = (struct bcc_link_info){
		.size = out->size,
		.mechanism = a->mechanism,
		.why = a->why ? a->why : link->prog ? "the first choice for this hook" :
			"it was opened by its pin",
		.pin = link->pin,
		.attached = a->n || a->undo,
	};
	err = ask_kernel(link, &info);
	if (err)
		return err;
	info.target = link->target ? link->target : "";
	size = out->size < sizeof(info) ? out->size : sizeof(info);
	memset(out, 0, out->size);
	memcpy(out, &info, size);
	return 0;
}
