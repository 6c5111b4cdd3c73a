/*
 * What a process has mapped to run, from /proc/PID/maps.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>
#include <time.h>

#include "symbol/symbol.h"

uint64_t process_start_time(int pid)
{
	char path[64], text[1024], *p;
	uint64_t started = 0;
	FILE *file;
	size_t n;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	n = fread(text, 1, sizeof(text) - 1, file);
	fclose(file);
	text[n] = '\0';
	/* The second field is a name in brackets that may hold anything: count from its end. */
	p = strrchr(text, ')');
	for (int field = 2; p && field < 22; field++)
		p = strchr(p + 1, ' ');
	if (p)
		started = strtoull(p, NULL, 10);
	return started;
}

static int add_mapping(struct mappings *p, const struct mapping *m)
{
	struct mapping *grown = realloc(p->mappings, (p->n + 1) * sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	p->mappings = grown;
	grown[p->n] = *m;
	if (m->path) {
		grown[p->n].path = strdup(m->path);
		if (!grown[p->n].path)
			return -ENOMEM;
	}
	p->n++;
	return 0;
}

/* "START-END MODE OFFSET MAJOR:MINOR INODE    PATH" */
static bool parse_mapping(char *line, struct mapping *out)
{
	unsigned int major_number, minor_number;
	char mode[8];
	int at = 0;

	*out = (struct mapping){ 0 };
	if (sscanf(line, "%" SCNx64 "-%" SCNx64 " %7s %" SCNx64 " %x:%x %" SCNu64 " %n",
		   &out->start, &out->end, mode, &out->offset, &major_number, &minor_number,
		   &out->inode, &at) < 7 || !strchr(mode, 'x'))
		return false;
	out->device = makedev(major_number, minor_number);
	line[strcspn(line, "\n")] = '\0';
	if (at && line[at])
		out->path = line + at;
	return true;
}

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

int mappings_read(int pid, struct mappings **out)
{
	struct mappings *p = calloc(1, sizeof(*p));
	char path[64], *line = NULL;
	struct mapping m;
	size_t size = 0;
	int err = 0;
	FILE *maps;

	if (!p)
		return -ENOMEM;
	snprintf(path, sizeof(path), "/proc/%d/maps", pid);
	maps = fopen(path, "re");
	if (!maps) {
		err = errno == ENOENT ? -ESRCH : -errno;
		free(p);
		return err;
	}
	p->pid = pid;
	p->started = process_start_time(pid);
	p->read = p->seen = now();
	while (!err && getline(&line, &size, maps) > 0)
		if (parse_mapping(line, &m))
			err = add_mapping(p, &m);
	/* A process that ends has no mappings any more, or the read fails with ESRCH. */
	if (!err && (ferror(maps) || !p->started))
		err = -ESRCH;
	free(line);
	fclose(maps);
	if (err)
		mappings_free(p);
	else
		*out = p;
	return err;
}

const struct mapping *mapping_find(const struct mappings *p, uint64_t address)
{
	for (size_t i = 0; i < p->n; i++)
		if (address >= p->mappings[i].start && address < p->mappings[i].end)
			return &p->mappings[i];
	return NULL;
}

void mappings_free(struct mappings *p)
{
	if (!p)
		return;
	while (p->n)
		free(p->mappings[--p->n].path);
	free(p->mappings);
	free(p);
}
