/*
 * Names of perf events: software events, the counters of the processor and its caches, raw numbers
 * ("r1a8"), and breakpoints on an address ("mem:0xADDRESS:LENGTH:rw"). The names are those that the
 * perf tool uses.
 */
#include <errno.h>
#include <linux/hw_breakpoint.h>
#include <stdlib.h>
#include <string.h>

#include "attach/perf_event.h"

static const struct {
	const char *name;
	uint32_t type;
	uint64_t config;
} events[] = {
	{ "cpu-clock", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_CLOCK },
	{ "task-clock", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_TASK_CLOCK },
	{ "page-faults", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS },
	{ "context-switches", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CONTEXT_SWITCHES },
	{ "cpu-migrations", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_MIGRATIONS },
	{ "minor-faults", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS_MIN },
	{ "major-faults", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS_MAJ },
	{ "alignment-faults", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_ALIGNMENT_FAULTS },
	{ "emulation-faults", PERF_TYPE_SOFTWARE, PERF_COUNT_SW_EMULATION_FAULTS },
	{ "cycles", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES },
	{ "cpu-cycles", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES },
	{ "instructions", PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS },
	{ "cache-references", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_REFERENCES },
	{ "cache-misses", PERF_TYPE_HARDWARE, PERF_COUNT_HW_CACHE_MISSES },
	{ "branches", PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_INSTRUCTIONS },
	{ "branch-instructions", PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_INSTRUCTIONS },
	{ "branch-misses", PERF_TYPE_HARDWARE, PERF_COUNT_HW_BRANCH_MISSES },
	{ "bus-cycles", PERF_TYPE_HARDWARE, PERF_COUNT_HW_BUS_CYCLES },
	{ "stalled-cycles-frontend", PERF_TYPE_HARDWARE, PERF_COUNT_HW_STALLED_CYCLES_FRONTEND },
	{ "stalled-cycles-backend", PERF_TYPE_HARDWARE, PERF_COUNT_HW_STALLED_CYCLES_BACKEND },
	{ "ref-cycles", PERF_TYPE_HARDWARE, PERF_COUNT_HW_REF_CPU_CYCLES },
};

#define N_EVENTS (sizeof(events) / sizeof(*events))

static const char *const caches[] = {
	"L1-dcache", "L1-icache", "LLC", "dTLB", "iTLB", "branch", "node",
};

/* What may follow a cache's name: what is done, and whether only misses count. */
static const struct {
	const char *name;
	uint64_t op, result;
} accesses[] = {
	{ "-loads", PERF_COUNT_HW_CACHE_OP_READ, PERF_COUNT_HW_CACHE_RESULT_ACCESS },
	{ "-load-misses", PERF_COUNT_HW_CACHE_OP_READ, PERF_COUNT_HW_CACHE_RESULT_MISS },
	{ "-stores", PERF_COUNT_HW_CACHE_OP_WRITE, PERF_COUNT_HW_CACHE_RESULT_ACCESS },
	{ "-store-misses", PERF_COUNT_HW_CACHE_OP_WRITE, PERF_COUNT_HW_CACHE_RESULT_MISS },
	{ "-prefetches", PERF_COUNT_HW_CACHE_OP_PREFETCH, PERF_COUNT_HW_CACHE_RESULT_ACCESS },
	{ "-prefetch-misses", PERF_COUNT_HW_CACHE_OP_PREFETCH, PERF_COUNT_HW_CACHE_RESULT_MISS },
};

static int find_cache(const char *name, struct perf_event_attr *attr)
{
	for (size_t c = 0; c < sizeof(caches) / sizeof(*caches); c++) {
		size_t n = strlen(caches[c]);

		if (strncmp(name, caches[c], n))
			continue;
		for (size_t a = 0; a < sizeof(accesses) / sizeof(*accesses); a++) {
			if (strcmp(name + n, accesses[a].name))
				continue;
			attr->type = PERF_TYPE_HW_CACHE;
			attr->config = c | accesses[a].op << 8 | accesses[a].result << 16;
			return 0;
		}
	}
	return -ENOENT;
}

/* The access of a breakpoint: letters of "rwx", each once. */
static int find_access(const char *text, uint32_t *type)
{
	*type = 0;
	for (; *text; text++) {
		uint32_t bit = *text == 'r' ? HW_BREAKPOINT_R : *text == 'w' ? HW_BREAKPOINT_W :
			       *text == 'x' ? HW_BREAKPOINT_X : 0;

		if (!bit || *type & bit)
			return -EINVAL;
		*type |= bit;
	}
	/* An instruction is either run or read. */
	return !*type || (*type & HW_BREAKPOINT_X && *type != HW_BREAKPOINT_X) ? -EINVAL : 0;
}

/* "0xADDRESS:LENGTH:ACCESS" */
static int find_breakpoint(const char *text, struct perf_event_attr *attr)
{
	char copy[64], *length, *access;
	uint64_t address, size;
	uint32_t type;

	if (strlen(text) >= sizeof(copy))
		return -EINVAL;
	strcpy(copy, text);
	length = strchr(copy, ':');
	access = length ? strchr(length + 1, ':') : NULL;
	if (!access)
		return -EINVAL;
	*length++ = '\0';
	*access++ = '\0';
	if (strncmp(copy, "0x", 2) || !hook_parse_number(copy, &address) ||
	    !hook_parse_number(length, &size) || find_access(access, &type) ||
	    (size != 1 && size != 2 && size != 4 && size != 8))
		return -EINVAL;
	attr->type = PERF_TYPE_BREAKPOINT;
	attr->bp_type = type;
	attr->bp_addr = address;
	/* What the kernel wants of an instruction's. */
	attr->bp_len = type == HW_BREAKPOINT_X ? sizeof(long) : size;
	return 0;
}

int perf_event_named(const char *name, struct perf_event_attr *attr)
{
	char *end;

	if (!strncmp(name, "mem:", 4))
		return find_breakpoint(name + 4, attr);
	for (size_t i = 0; i < N_EVENTS; i++)
		if (!strcmp(events[i].name, name)) {
			attr->type = events[i].type;
			attr->config = events[i].config;
			return 0;
		}
	if (name[0] == 'r' && name[1] && strlen(name) <= 17 &&
	    strlen(name + 1) == strspn(name + 1, "0123456789abcdefABCDEF")) {
		attr->type = PERF_TYPE_RAW;
		attr->config = strtoull(name + 1, &end, 16);
		return 0;
	}
	return find_cache(name, attr);
}

const char *perf_event_name_at(size_t i)
{
	return i < N_EVENTS ? events[i].name : NULL;
}

const char *perf_software_event(size_t i)
{
	return i < N_EVENTS && events[i].type == PERF_TYPE_SOFTWARE ? events[i].name : NULL;
}
