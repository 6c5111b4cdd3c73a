/*
 * The benchmark's clock: launch stores the moment before exec in the environment, whoever is
 * attached says how long ago that was and how much memory it holds.
 */
#ifndef BENCH_CLOCK_H
#define BENCH_CLOCK_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/types.h>
#include <time.h>

#define BENCH_START "BENCH_START_NS"

static inline int64_t clock_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

/* Prints "attached MILLISECONDS KIB": since the start, and the resident set of a process. */
static inline int clock_report(pid_t pid)
{
	int64_t now = clock_ns();
	const char *start = getenv(BENCH_START);
	char path[64], line[256];
	long kib = 0;
	FILE *file;

	if (!start)
		return 1;
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	file = fopen(path, "r");
	if (!file)
		return 1;
	while (fgets(line, sizeof(line), file)) {
		if (sscanf(line, "VmRSS: %ld", &kib) == 1)
			break;
	}
	fclose(file);
	printf("attached %.3f %ld\n", (now - strtoll(start, NULL, 10)) / 1e6, kib);
	return 0;
}

#endif
