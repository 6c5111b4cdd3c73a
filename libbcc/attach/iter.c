/*
 * iter:TARGET[:PARAM=VALUE,...], a program that runs over all objects of a kind when its output is
 * read: tasks, files, maps, sockets, the entries of a map. Reading is bcc_link_iter_fd().
 *
 * TARGET is checked against the kernel's own "struct bpf_iter__TARGET". Parameters narrow what is
 * walked; a path stands last, because everything behind its "=" belongs to it.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "attach/link.h"
#include "object/bpffs.h"

struct params {
	char text[256];     /* what the pointers below point into, when it is no path */
	const char *map;    /* a table's name, a path, or an id; NULL: none */
	const char *cgroup; /* a path */
	uint32_t order, pid, tid;
};

static const char *const orders[] = { NULL, "self", "pre", "post", "up", "children" };

static int take_order(const char *value, uint32_t *order)
{
	for (size_t i = 1; i < sizeof(orders) / sizeof(*orders); i++)
		if (!strcmp(orders[i], value)) {
			*order = i;
			return 0;
		}
	return -EINVAL;
}

static int take_number(const char *value, uint32_t *out)
{
	uint64_t n;

	if (!hook_parse_number(value, &n) || !n || n > INT_MAX)
		return -EINVAL;
	*out = (uint32_t)n;
	return 0;
}

static int take(struct params *p, const char *name, const char *value)
{
	if (!*value)
		return -EINVAL;
	if (!strcmp(name, "map"))
		p->map = value;
	else if (!strcmp(name, "order"))
		return take_order(value, &p->order);
	else if (!strcmp(name, "pid"))
		return take_number(value, &p->pid);
	else if (!strcmp(name, "tid"))
		return take_number(value, &p->tid);
	else
		return -EINVAL;
	return 0;
}

/* "PARAM=VALUE,..." ; a path begins with a slash and ends with the text. */
static int read_params(const char *text, struct params *p)
{
	char *rest = p->text, *name, *value;
	const char *path = strstr(text, "=/");
	size_t size = path ? (size_t)(path - text) : strlen(text);
	int err = 0;

	if (size >= sizeof(p->text))
		return -EINVAL;
	memcpy(p->text, text, size);
	p->text[size] = '\0';
	if (path) { /* its parameter is the last word of what is before it */
		char *last = strrchr(p->text, ',');

		last = last ? last : p->text;
		name = last + (*last == ',');
		if (!strcmp(name, "cgroup"))
			p->cgroup = path + 1;
		else if (!strcmp(name, "map"))
			p->map = path + 1;
		else
			return -EINVAL;
		*last = '\0';
	}
	if (!*rest)
		return path ? 0 : -EINVAL;
	while (!err && (name = strsep(&rest, ","))) {
		value = strchr(name, '=');
		if (!value)
			return -EINVAL;
		*value = '\0';
		err = take(p, name, value + 1);
	}
	return err;
}

static int parse(struct hook *h)
{
	char *colon = strchr(h->arg, ':');
	struct params p = { 0 };

	h->name = strndup(h->arg, colon ? (size_t)(colon - h->arg) : strlen(h->arg));
	if (!h->name)
		return -ENOMEM;
	if (!*h->name || strlen(h->name) != strspn(h->name, "abcdefghijklmnopqrstuvwxyz_0123456789"))
		return -EINVAL;
	if (!colon)
		return 0;
	h->arg = colon + 1;
	h->flag = true; /* there are parameters in arg */
	return read_params(h->arg, &p);
}

static int prepare(struct hook *h, struct load_spec *spec)
{
	char record[160];
	struct kernel *k;
	int err = context_kernel(h->ctx, &k);

	if (err)
		return err;
	if (!kernel_has_struct(k, "bpf_iter__task"))
		return diag_fail_hint(h->ctx, BCC_ERR_KERNEL, "no-iter", "it needs Linux 5.8",
				      "this kernel has no iterators for programs");
	snprintf(record, sizeof(record), "bpf_iter__%.140s", h->name);
	if (!kernel_has_struct(k, record))
		return hook_missing(h);
	return spec_set(h, spec, BPF_PROG_TYPE_TRACING, BPF_TRACE_ITER, h->name);
}

static int open_map(struct hook *h, const char *name)
{
	struct bpffs_place at = {
		.ctx = h->ctx, .what = "no table can be opened", .path = name, .dir = -1,
	};
	struct bpf_map *map;
	uint64_t id;
	int fd;

	if (*name == '/') {
		fd = bpffs_open(&at, false);
		fd = fd > 0 ? bpffs_get(&at) : fd < 0 ? fd : -ENOENT;
		bpffs_close(&at);
		if (fd >= 0 || fd != -ENOENT)
			return fd;
	} else if (hook_parse_number(name, &id)) {
		fd = bpf_map_get_fd_by_id((uint32_t)id);
		if (fd >= 0)
			return fd;
	} else {
		map = module_map(h->prog->mod, name);
		fd = map ? fcntl(bpf_map__fd(map), F_DUPFD_CLOEXEC, 3) : -ENOENT;
		if (map)
			return fd < 0 ? hook_failed(h, -errno, NULL) : fd;
	}
	return diag_fail_hint(h->ctx, BCC_ERR_NO_HOOK, "no-hook",
			      "it is a table of this module, an id, or a path on a BPF file system",
			      "there is no table '%s' for %s", name, h->text);
}

static int open_cgroup(struct hook *h, const char *path)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	return diag_fail(h->ctx, errno == ENOENT ? BCC_ERR_NO_HOOK : -errno, "no-hook",
			 "cannot open cgroup %s for %s: %s", path, h->text, bcc_strerror(-errno));
}

/* A kernel that does not know the parameters may take them for a map's or ignore them. */
static int check_task(struct hook *h)
{
	struct kernel *k;
	int err = context_kernel(h->ctx, &k);

	if (err || kernel_has_member(k, "bpf_iter_link_info", "task"))
		return err;
	return diag_fail_hint(h->ctx, BCC_ERR_KERNEL, "no-iter", "pid and tid need Linux 6.1",
			      "cannot attach program '%s' to %s: this kernel's iterators cannot be "
			      "limited to a process", h->prog->name, h->text);
}

/* The kernel's form of the parameters; *fd is to be closed once the link is made. */
static int fill_info(struct hook *h, const struct params *p, union bpf_iter_link_info *info,
		     int *fd)
{
	if (p->map) {
		*fd = open_map(h, p->map);
		info->map.map_fd = *fd < 0 ? 0 : (uint32_t)*fd;
		return *fd < 0 ? *fd : 0;
	}
	if (p->cgroup || p->order) {
		if (p->cgroup) {
			*fd = open_cgroup(h, p->cgroup);
			if (*fd < 0)
				return *fd;
			info->cgroup.cgroup_fd = (uint32_t)*fd;
		}
		info->cgroup.order = p->order ? p->order : BPF_CGROUP_ITER_DESCENDANTS_PRE;
		return 0;
	}
	info->task.pid = p->pid;
	info->task.tid = p->tid;
	return check_task(h);
}

static const char *hint_for(const struct hook *h, int err)
{
	if (err == -EBADF || (err == -EINVAL && !h->flag))
		return "iterators over the entries of a map need one: iter:bpf_map_elem:map=TABLE; "
		       "iterators over cgroups need an order: iter:cgroup:order=pre";
	if (err == -EINVAL)
		return "the target may have no such parameter";
	return NULL;
}

static int attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	union bpf_iter_link_info info = { 0 };
	LIBBPF_OPTS(bpf_link_create_opts, opts);
	struct params p = { 0 };
	int fd = -1, link, err = 0;

	if (h->flag) {
		err = read_params(h->arg, &p); /* it is well formed, see parse() */
		if (!err)
			err = fill_info(h, &p, &info, &fd);
		opts.iter_info = &info;
		opts.iter_info_len = sizeof(info);
	}
	if (err)
		return err;
	link = bpf_link_create(load->fd, 0, BPF_TRACE_ITER, &opts);
	if (fd >= 0)
		close(fd);
	return link < 0 ? hook_failed(h, link, hint_for(h, link)) :
			  attachment_link(h, out, link, "iterator link");
}

const struct hook_kind hook_iter = {
	.name = "iter",
	.form = "iter:TARGET[:PARAM=VALUE,...] with map=TABLE, pid=PID, tid=TID, "
		"order=self|pre|post|up|children, cgroup=/PATH",
	.what = "iterator",
	.names = KERNEL_ITERATORS,
	.sleepable = true,
	.parse = parse,
	.prepare = prepare,
	.attach = attach,
};

int bcc_link_iter_fd(struct bcc_link *link)
{
	struct link_info info;
	uint32_t n;
	int fd, err;

	if (!link)
		return -EINVAL;
	diag_clear(link->ctx);
	fd = link_fd(link, &n);
	err = fd < 0 ? -ENOENT : link_info_read(fd, &info, NULL, 0);
	if (err || info.type != LINK_ITER)
		return diag_fail_hint(link->ctx, -ENOENT, "iter", "only links of iter: can be read",
				      "the link to %s is no iterator", link->hook);
	fd = bpf_iter_create(fd);
	return fd >= 0 ? fd : diag_fail(link->ctx, fd, "iter", "cannot read %s: %s", link->hook,
					bcc_strerror(fd));
}
