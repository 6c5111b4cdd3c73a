/*
 * "bpfcc run --timings": where the time from text to attached programs went, on standard error.
 */
#include <stddef.h>
#include <stdio.h>

#include "session.h"

/* Those that are part of the one above are further in. */
static const struct {
	const char *name;
	size_t offset;
} stages[] = {
	{ "compile", offsetof(struct bcc_timings, compile) },
	{ "  start", offsetof(struct bcc_timings, start) },
	{ "  expand", offsetof(struct bcc_timings, expand) },
	{ "  headers", offsetof(struct bcc_timings, headers) },
	{ "  types", offsetof(struct bcc_timings, types) },
	{ "  parse", offsetof(struct bcc_timings, parse) },
	{ "  rewrite", offsetof(struct bcc_timings, rewrite) },
	{ "  codegen", offsetof(struct bcc_timings, codegen) },
	{ "open", offsetof(struct bcc_timings, open) },
	{ "maps", offsetof(struct bcc_timings, maps) },
	{ "load", offsetof(struct bcc_timings, load) },
	{ "attach", offsetof(struct bcc_timings, attach) },
};

void timings_show(const struct bcc_module *mod)
{
	BCC_OPTS(bcc_timings, t);
	uint64_t ns, total;

	if (bcc_module_timings(mod, &t))
		return;
	total = t.compile + t.open + t.maps + t.load + t.attach;
	fputs("stage            ms\n", stderr);
	for (size_t i = 0; i < sizeof(stages) / sizeof(*stages); i++) {
		ns = *(const uint64_t *)((const char *)&t + stages[i].offset);
		fprintf(stderr, "%-11s %7.2f\n", stages[i].name, (double)ns / 1e6);
	}
	fprintf(stderr, "%-11s %7.2f\n", "all", (double)total / 1e6);
}
