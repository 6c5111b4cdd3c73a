/*
 * What can be done with a table, one row a method. A row says what a call becomes in libbpf C; the
 * arguments keep their text, so that pointers inside them are rewritten on their own.
 */
#include "tables.h"

#include <ctype.h>
#include <string.h>

static const struct method methods[] = {
	{ "lookup", GROUP_MAPS | GROUP_STACKS | GROUP_XSK, "bpf_map_lookup_elem($m, $1)", 1, 1, 0,
	  true },
	{ "lookup", GROUP_SOCKS | GROUP_MAPS_IN_MAPS, "bpf_map_lookup_elem($m, $1)", 1, 1, 0,
	  false },
	{ "lookup_or_try_init", GROUP_MAPS, "bcc_lookup_or_try_init($m, $1, $2)", 2, 2, 0, true },
	{ "lookup_or_init", GROUP_MAPS, "bcc_lookup_or_try_init($m, $1, $2)", 2, 2, 0, true },
	{ "update", GROUP_MAPS | GROUP_SOCKS | GROUP_MAPS_IN_MAPS,
	  "bpf_map_update_elem($m, $1, $2, BPF_ANY)", 2, 2, 0, false },
	{ "insert", GROUP_MAPS, "bpf_map_update_elem($m, $1, $2, BPF_NOEXIST)", 2, 2, 0, false },
	{ "delete", GROUP_MAPS | GROUP_STACKS | GROUP_PROGS | GROUP_SOCKS | GROUP_MAPS_IN_MAPS,
	  "bpf_map_delete_elem($m, $1)", 1, 1, 0, false },
	{ "increment", GROUP_HASH, "bcc_increment($m, $1, $2)", 1, 2, 0, false },
	{ "increment", GROUP_PERCPU_HASH, "bcc_increment_percpu($m, $1, $2)", 1, 2, 0, false },
	{ "increment", GROUP_ARRAY, "bcc_increment_slot($m, $1, $2)", 1, 2, 0, false },
	{ "increment", GROUP_PERCPU_ARRAY, "bcc_increment_slot_percpu($m, $1, $2)", 1, 2, 0,
	  false },
	{ "atomic_increment", GROUP_HASHES, "bcc_increment($m, $1, $2)", 1, 2, 0, false },
	{ "atomic_increment", GROUP_ARRAYS, "bcc_increment_slot($m, $1, $2)", 1, 2, 0, false },
	{ "get_stackid", GROUP_STACKS, "bpf_get_stackid($1, $m, $2)", 2, 2, 0, false },
	{ "call", GROUP_PROGS, "bpf_tail_call($1, $m, $2)", 2, 2, 0, false },
	{ "perf_submit", GROUP_PERF_OUTPUT,
	  "bpf_perf_event_output($1, $m, BPF_F_CURRENT_CPU, $2, $3)", 3, 3, 2, false },
	{ "perf_submit_skb", GROUP_PERF_OUTPUT,
	  "bpf_perf_event_output($1, $m, ((u64)($2) << 32) | BPF_F_CURRENT_CPU, $3, $4)", 4, 4, 3,
	  false },
	{ "perf_read", GROUP_PERF_ARRAY, "bpf_perf_event_read($m, $1)", 1, 1, 0, false },
	{ "perf_counter_value", GROUP_PERF_ARRAY, "bpf_perf_event_read_value($m, $1, $2, $3)", 3, 3,
	  0, false },
	{ "ringbuf_output", GROUP_RINGBUF, "bcc_ringbuf_output($m, $r, $1, $2, $3)", 3, 3, 1,
	  false },
	{ "ringbuf_reserve", GROUP_RINGBUF, "bcc_ringbuf_reserve($m, $r, $1)", 1, 1, 0, false },
	{ "ringbuf_submit", GROUP_RINGBUF, "bpf_ringbuf_submit($1, $2)", 2, 2, 1, false },
	{ "ringbuf_discard", GROUP_RINGBUF, "bpf_ringbuf_discard($1, $2)", 2, 2, 0, false },
	{ "ringbuf_query", GROUP_RINGBUF, "bpf_ringbuf_query($m, $1)", 1, 1, 0, false },
	{ "user_ringbuf_drain", GROUP_USER_RINGBUF, "bpf_user_ringbuf_drain($m, $1, $2, $3)", 3, 3,
	  0, false },
	{ "alloc_pages", GROUP_ARENA, "bpf_arena_alloc_pages($m, 0, $1, -1, 0)", 1, 1, 0, false },
	{ "pointer", GROUP_ARENA, "bcc_arena_pointer($m, $1)", 1, 1, 0, false },
	{ "free_pages", GROUP_ARENA, "bpf_arena_free_pages($m, $1, $2)", 2, 2, 0, false },
	{ "push", GROUP_QUEUE | GROUP_BLOOM, "bpf_map_push_elem($m, $1, $2)", 2, 2, 0, false },
	{ "pop", GROUP_QUEUE, "bpf_map_pop_elem($m, $1)", 1, 1, 0, false },
	{ "peek", GROUP_QUEUE | GROUP_BLOOM, "bpf_map_peek_elem($m, $1)", 1, 1, 0, false },
	{ "check_current_task", GROUP_CGROUPS, "bpf_current_task_under_cgroup($m, $1)", 1, 1, 0,
	  false },
	{ "redirect_map", GROUP_REDIRECT | GROUP_XSK, "bpf_redirect_map($m, $1, $2)", 2, 2, 0,
	  false },
	{ "sock_map_update", GROUP_SOCKMAP, "bpf_sock_map_update($1, $m, $2, $3)", 3, 3, 0, false },
	{ "sock_hash_update", GROUP_SOCKHASH, "bpf_sock_hash_update($1, $m, $2, $3)", 3, 3, 0,
	  false },
	{ "msg_redirect_map", GROUP_SOCKMAP, "bpf_msg_redirect_map($1, $m, $2, $3)", 3, 3, 0,
	  false },
	{ "sk_redirect_map", GROUP_SOCKMAP, "bpf_sk_redirect_map($1, $m, $2, $3)", 3, 3, 0, false },
	{ "msg_redirect_hash", GROUP_SOCKHASH, "bpf_msg_redirect_hash($1, $m, $2, $3)", 3, 3, 0,
	  false },
	{ "sk_redirect_hash", GROUP_SOCKHASH, "bpf_sk_redirect_hash($1, $m, $2, $3)", 3, 3, 0,
	  false },
	{ "sk_select_reuseport", GROUP_REUSEPORT, "bpf_sk_select_reuseport($1, $m, $2, $3)", 3, 3,
	  0, false },
	{ "sk_storage_get", GROUP_SK_STORAGE, "bpf_sk_storage_get($m, $1, $2, $3)", 3, 3, 0, true },
	{ "sk_storage_delete", GROUP_SK_STORAGE, "bpf_sk_storage_delete($m, $1)", 1, 1, 0, false },
	{ "inode_storage_get", GROUP_INODE_STORAGE, "bpf_inode_storage_get($m, $1, $2, $3)", 3, 3,
	  0, true },
	{ "inode_storage_delete", GROUP_INODE_STORAGE, "bpf_inode_storage_delete($m, $1)", 1, 1, 0,
	  false },
	{ "task_storage_get", GROUP_TASK_STORAGE, "bpf_task_storage_get($m, $1, $2, $3)", 3, 3, 0,
	  true },
	{ "task_storage_delete", GROUP_TASK_STORAGE, "bpf_task_storage_delete($m, $1)", 1, 1, 0,
	  false },
	{ "cgrp_storage_get", GROUP_CGRP_STORAGE, "bpf_cgrp_storage_get($m, $1, $2, $3)", 3, 3, 0,
	  true },
	{ "cgrp_storage_delete", GROUP_CGRP_STORAGE, "bpf_cgrp_storage_delete($m, $1)", 1, 1, 0,
	  false },
	{ "get_local_storage", GROUP_CGROUP_STORAGE, "bpf_get_local_storage($m, $1)", 1, 1, 0,
	  true },
};

enum { METHOD_COUNT = sizeof(methods) / sizeof(*methods) };

const struct method *method_find(const struct table_kind *kind, const char *name)
{
	for (size_t i = 0; i < METHOD_COUNT; i++)
		if ((methods[i].groups & kind->group) && !strcmp(methods[i].name, name))
			return &methods[i];
	return NULL;
}

char *method_names(struct arena *a, const struct table_kind *kind)
{
	char *names = arena_strdup(a, "");

	for (size_t i = 0; i < METHOD_COUNT; i++)
		if (methods[i].groups & kind->group)
			names = arena_printf(a, "%s%s%s", names, *names ? ", " : "",
					     methods[i].name);
	return names;
}

const char *method_near(const struct table_kind *kind, const char *name)
{
	const char *best = NULL;
	unsigned least = strlen(name) / 2 + 1;

	for (size_t i = 0; i < METHOD_COUNT; i++) {
		unsigned distance;

		if (!(methods[i].groups & kind->group))
			continue;
		distance = name_distance(methods[i].name, name);
		if (distance < least) {
			least = distance;
			best = methods[i].name;
		}
	}
	return best;
}

unsigned name_distance(const char *a, const char *b)
{
	enum { MOST = 64 };
	unsigned row[MOST + 1];
	size_t n = strlen(a), m = strlen(b);

	if (n > MOST || m > MOST)
		return MOST;
	for (size_t j = 0; j <= m; j++)
		row[j] = (unsigned)j;
	for (size_t i = 1; i <= n; i++) {
		unsigned diagonal = row[0];

		row[0] = (unsigned)i;
		for (size_t j = 1; j <= m; j++) {
			bool same = tolower((unsigned char)a[i - 1]) ==
				    tolower((unsigned char)b[j - 1]);
			unsigned best = diagonal + !same;

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[m];
}
