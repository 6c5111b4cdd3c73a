/*
 * Arenas: pages that programs and this process have in common. The kernel lets a program be loaded
 * with an arena only after the arena was mapped, and that once; so it is mapped with its table, for
 * as long as the table lives.
 */
#include <errno.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "table/table.h"

#define MAP_TYPE_ARENA 33 /* Linux 6.9: not in every linux/bpf.h */

int arena_map(struct bcc_table *t)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *at;

	if (t->map_type != MAP_TYPE_ARENA)
		return 0;
	if (t->max_entries > SIZE_MAX / page)
		return -E2BIG;
	at = mmap(NULL, t->max_entries * page, PROT_READ | PROT_WRITE, MAP_SHARED, t->fd, 0);
	if (at == MAP_FAILED)
		return -errno;
	t->arena = at;
	t->arena_size = t->max_entries * page;
	return 0;
}

void arena_unmap(struct bcc_table *t)
{
	if (t->arena)
		munmap(t->arena, t->arena_size);
	t->arena = NULL;
}

void *bcc_table_arena(struct bcc_table *table, size_t *size)
{
	if (!table || !table->arena)
		return NULL;
	if (size)
		*size = table->arena_size;
	return table->arena;
}
