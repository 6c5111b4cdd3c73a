/*
 * Map types: the smallest map of each is made. Those that hold values for kernel objects want to know
 * their types from BTF, those of maps a map for a pattern.
 */
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>

#include "context/libbpf.h"
#include "feature/feature.h"

#define ENOTSUPP 524
#define MAP_USER_RINGBUF 31 /* 6.1 */
#define MAP_CGRP_STORAGE 32 /* 6.2 */
#define MAP_ARENA 33        /* 6.9 */
#define MAP_F_LINK (1u << 13) /* 6.4 */

/* BTF of one type, "int", which has the id 1. */
static int load_int_btf(void)
{
	struct btf *btf = btf__new_empty();
	int fd = -ENOMEM;
	const void *raw;
	uint32_t size;

	if (!btf)
		return -ENOMEM;
	if (btf__add_int(btf, "int", 4, BTF_INT_SIGNED) == 1) {
		raw = btf__raw_data(btf, &size);
		fd = raw ? bpf_btf_load(raw, size, NULL) : -ENOMEM;
	}
	btf__free(btf);
	return fd;
}

struct shape {
	uint32_t key, value, entries;
	bool of_maps, with_btf;
};

static struct shape shape_of(int type, struct bpf_map_create_opts *opts)
{
	struct shape s = { .key = 4, .value = 4, .entries = 1 };

	switch (type) {
	case BPF_MAP_TYPE_STACK_TRACE:
		s.value = 8;
		break;
	case BPF_MAP_TYPE_LPM_TRIE:
		s.key = s.value = 8;
		opts->map_flags = BPF_F_NO_PREALLOC;
		break;
	case BPF_MAP_TYPE_CGROUP_STORAGE:
	case BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE:
		s = (struct shape){ .key = 16, .value = 8 };
		break;
	case BPF_MAP_TYPE_QUEUE:
	case BPF_MAP_TYPE_STACK:
	case BPF_MAP_TYPE_BLOOM_FILTER:
		s.key = 0;
		break;
	case BPF_MAP_TYPE_SK_STORAGE:
	case BPF_MAP_TYPE_INODE_STORAGE:
	case BPF_MAP_TYPE_TASK_STORAGE:
	case MAP_CGRP_STORAGE:
		s = (struct shape){ .key = 4, .value = 4, .with_btf = true };
		opts->map_flags = BPF_F_NO_PREALLOC;
		break;
	case BPF_MAP_TYPE_STRUCT_OPS:
		opts->btf_vmlinux_value_type_id = 1; /* no such struct: ENOTSUPP */
		break;
	case BPF_MAP_TYPE_RINGBUF:
	case MAP_USER_RINGBUF:
		s = (struct shape){ .entries = (uint32_t)sysconf(_SC_PAGESIZE) };
		break;
	case MAP_ARENA:
		s = (struct shape){ .entries = 1 };
		opts->map_flags = BPF_F_MMAPABLE;
		break;
	case BPF_MAP_TYPE_ARRAY_OF_MAPS:
	case BPF_MAP_TYPE_HASH_OF_MAPS:
		s.of_maps = true;
		break;
	}
	return s;
}

static int create(int type)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts);
	struct shape s = shape_of(type, &opts);
	int fd, inner = -1, btf = -1;

	if (s.of_maps) {
		inner = bpf_map_create(BPF_MAP_TYPE_ARRAY, NULL, 4, 4, 1, NULL);
		if (inner < 0)
			return inner;
		opts.inner_map_fd = (uint32_t)inner;
	}
	if (s.with_btf) {
		btf = load_int_btf();
		if (btf < 0)
			return btf;
		opts.btf_fd = (uint32_t)btf;
		opts.btf_key_type_id = opts.btf_value_type_id = 1;
	}
	fd = bpf_map_create(type, NULL, s.key, s.value, s.entries, &opts);
	if (inner >= 0)
		close(inner);
	if (btf >= 0)
		close(btf);
	return fd;
}

int probe_struct_ops_link(struct kernel *k, const struct feature_row *row)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = MAP_F_LINK,
		    .btf_vmlinux_value_type_id = 1);
	struct libbpf_call call;
	int fd;

	(void)k;
	(void)row;
	libbpf_enter(&call);
	fd = bpf_map_create(BPF_MAP_TYPE_STRUCT_OPS, NULL, 4, 4, 1, &opts);
	libbpf_leave(&call);
	libbpf_call_free(&call);
	if (fd >= 0)
		close(fd);
	return fd >= 0 || fd == -ENOTSUPP ? 1 : fd == -EPERM || fd == -ENOMEM ? fd : 0;
}

int probe_map(struct kernel *k, const struct feature_row *row)
{
	struct libbpf_call call;
	int fd;

	(void)k;
	libbpf_enter(&call);
	fd = create(row->number);
	libbpf_leave(&call);
	libbpf_call_free(&call);
	if (fd >= 0) {
		close(fd);
		return 1;
	}
	if (row->number == BPF_MAP_TYPE_STRUCT_OPS && fd == -ENOTSUPP)
		return 1;
	return fd == -EPERM || fd == -EACCES || fd == -ENOMEM || fd == -EMFILE ? fd : 0;
}
