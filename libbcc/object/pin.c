/*
 * Pinned tables: maps with a path on bpffs, which other programs find and which stay when we are
 * gone. Only a map that is exactly what the table asks for is taken over.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "context/libbpf.h"
#include "object/bpffs.h"
#include "object/module.h"

static void spell(char *text, size_t size, const struct bpf_map_info *info)
{
	const char *type = libbpf_bpf_map_type_str(info->type);

	snprintf(text, size, "%s, key %u bytes, value %u bytes, %u entries, flags 0x%x",
		 type ? type : "unknown type", info->key_size, info->value_size, info->max_entries,
		 info->map_flags);
}

/* Whether the pinned map is what the table wants. */
static int check_same(const struct bpffs_place *at, struct bpf_map *map, const struct bpf_map_info *there)
{
	struct bpf_map_info ours = {
		.type = bpf_map__type(map),
		.key_size = bpf_map__key_size(map),
		.value_size = bpf_map__value_size(map),
		.max_entries = bpf_map__max_entries(map),
		.map_flags = bpf_map__map_flags(map),
	};
	uint32_t implied = 0;
	char a[256], b[256], why[600];

	/* What libbpf and the kernel fill in by themselves. */
	if (ours.type == BPF_MAP_TYPE_PERF_EVENT_ARRAY && !ours.max_entries)
		ours.max_entries = (uint32_t)libbpf_num_possible_cpus();
	if (ours.type == BPF_MAP_TYPE_DEVMAP || ours.type == BPF_MAP_TYPE_DEVMAP_HASH)
		implied = BPF_F_RDONLY_PROG;
	if (ours.type == there->type && ours.key_size == there->key_size &&
	    ours.value_size == there->value_size && ours.max_entries == there->max_entries &&
	    (ours.map_flags | implied) == (there->map_flags | implied))
		return 0;
	spell(a, sizeof(a), there);
	spell(b, sizeof(b), &ours);
	snprintf(why, sizeof(why), "the map there is %s; the table is %s", a, b);
	return bpffs_fail(at, -EEXIST, "make them alike, choose another path, or remove the pin when "
		    "nobody needs it", why);
}

/* Takes over what is pinned at the place; -ENOENT without a diagnostic when nothing is. */
static int take_over(const struct bpffs_place *at, struct module_map *m)
{
	struct bpf_map_info info = { 0 };
	uint32_t size = sizeof(info);
	int fd = bpffs_get(at), err = 0;

	if (fd < 0)
		return fd;
	if (!bpffs_is_map(fd))
		err = bpffs_fail(at, -EEXIST, "choose another path", "what is there is no map");
	if (!err && bpf_obj_get_info_by_fd(fd, &info, &size))
		err = bpffs_fail(at, -errno, NULL, NULL);
	if (!err)
		err = check_same(at, m->map, &info);
	if (!err) {
		err = libbpf_error(bpf_map__reuse_fd(m->map, fd));
		if (err)
			bpffs_fail(at, err, NULL, NULL);
	}
	close(fd);
	m->reused = !err;
	return err;
}

/* The place of a map's pin; the text of what it is goes into what. */
static struct bpffs_place place_of(struct bcc_module *mod, const struct module_map *m, char *what,
				   size_t size)
{
	snprintf(what, size, "table '%s' cannot be pinned", m->name);
	return (struct bpffs_place){ .ctx = mod->ctx, .what = what, .path = m->pin, .dir = -1 };
}

int pin_reuse(struct bcc_module *mod, struct module_map *m)
{
	char what[256];
	struct bpffs_place at = place_of(mod, m, what, sizeof(what));
	int err = bpffs_open(&at, false);

	if (err > 0)
		err = take_over(&at, m);
	if (err == -ENOENT)
		err = 0;
	bpffs_close(&at);
	return err;
}

int pin_place(struct bcc_module *mod, const struct module_map *m)
{
	char what[256];
	struct bpffs_place at = place_of(mod, m, what, sizeof(what));
	int err = bpffs_open(&at, true);

	if (err > 0) {
		err = bpffs_pin(&at, bpf_map__fd(m->map));
		if (err == -EEXIST)
			bpffs_fail(&at, err, "make the module again to share it",
				   "another program has pinned one there meanwhile");
		else if (err)
			bpffs_fail(&at, err, NULL, NULL);
	}
	bpffs_close(&at);
	return err;
}

void pin_remove(struct bcc_module *mod, const struct module_map *m)
{
	char what[256];
	struct bpffs_place at = place_of(mod, m, what, sizeof(what));

	if (bpffs_open(&at, false) > 0)
		bpffs_unpin(&at);
	bpffs_close(&at);
}
