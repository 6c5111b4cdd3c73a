/*
 * b:timings(): what each stage took, in nanoseconds, by its name in struct bcc_timings.
 */
#include "internal.h"

#include <stddef.h>

static const struct {
	const char *name;
	size_t offset;
} stages[] = {
	{ "compile", offsetof(struct bcc_timings, compile) },
	{ "start", offsetof(struct bcc_timings, start) },
	{ "expand", offsetof(struct bcc_timings, expand) },
	{ "headers", offsetof(struct bcc_timings, headers) },
	{ "types", offsetof(struct bcc_timings, types) },
	{ "parse", offsetof(struct bcc_timings, parse) },
	{ "rewrite", offsetof(struct bcc_timings, rewrite) },
	{ "codegen", offsetof(struct bcc_timings, codegen) },
	{ "open", offsetof(struct bcc_timings, open) },
	{ "maps", offsetof(struct bcc_timings, maps) },
	{ "load", offsetof(struct bcc_timings, load) },
	{ "attach", offsetof(struct bcc_timings, attach) },
};

int bccL_timings(lua_State *L)
{
	struct lua_bpf *b = bccL_check_bpf(L, 1);
	BCC_OPTS(bcc_timings, t);
	int err = bcc_module_timings(b->mod, &t);

	if (err)
		return bccL_raise(L, NULL, err, "no timings");
	lua_createtable(L, 0, sizeof(stages) / sizeof(*stages));
	for (size_t i = 0; i < sizeof(stages) / sizeof(*stages); i++) {
		lua_pushinteger(L, *(const lua_Integer *)((const char *)&t + stages[i].offset));
		lua_setfield(L, -2, stages[i].name);
	}
	return 1;
}
