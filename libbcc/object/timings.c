/*
 * What a module's making, loading and attaching took. A span counts only what no stage inside it has
 * counted by itself: attaching loads, and loading may compile.
 */
#include <errno.h>
#include <string.h>

#include "compile/compile.h"
#include "context/clock.h"
#include "object/module.h"

void timings_add_compile(struct bcc_module *mod, const struct compile_times *times)
{
	struct bcc_timings *t = &mod->timings;
	uint64_t stages = times->expand + times->headers + times->types + times->parse +
			  times->rewrite + times->codegen;

	t->compile += times->total;
	t->start += times->total > stages ? times->total - stages : 0;
	t->expand += times->expand;
	t->headers += times->headers;
	t->types += times->types;
	t->parse += times->parse;
	t->rewrite += times->rewrite;
	t->codegen += times->codegen;
}

struct timings_span timings_begin(const struct bcc_module *mod)
{
	return (struct timings_span){ .start = clock_ns(),
				      .before = mod->timings.compile + mod->timings.load };
}

/* The time of a span that compiling and loading did not count. */
static uint64_t rest(const struct bcc_module *mod, struct timings_span span)
{
	uint64_t all = clock_ns() - span.start;
	uint64_t counted = mod->timings.compile + mod->timings.load - span.before;

	return all > counted ? all - counted : 0;
}

void timings_end_load(struct bcc_module *mod, struct timings_span span)
{
	mod->timings.load += rest(mod, span);
}

void timings_end_attach(struct bcc_module *mod, struct timings_span span)
{
	mod->timings.attach += rest(mod, span);
}

int bcc_module_timings(const struct bcc_module *mod, struct bcc_timings *out)
{
	size_t size = out ? out->size : 0;

	if (!mod || size < sizeof(size) || size > BCC_OPTS_MAX)
		return -EINVAL;
	memset(out, 0, size);
	memcpy(out, &mod->timings, size < sizeof(*out) ? size : sizeof(*out));
	out->size = size;
	return 0;
}
