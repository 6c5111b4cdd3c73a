/*
 * require "bcc": the module's table, and what belongs to no handle.
 */
#include "bcc_lua.h"
#include "internal.h"

#include <inttypes.h>
#include <stdio.h>

/* bcc.u64string(n): a wrapped integer as the unsigned number it stands for. */
static int u64string(lua_State *L)
{
	char text[24];

	snprintf(text, sizeof(text), "%" PRIu64, (uint64_t)luaL_checkinteger(L, 1));
	lua_pushstring(L, text);
	return 1;
}

__attribute__((visibility("default"))) int luaopen_bcc(lua_State *L)
{
	static const luaL_Reg functions[] = {
		{ "compile", bccL_compile },
		{ "context", bccL_context },
		{ "features", bccL_features },
		{ "has_feature", bccL_has_feature },
		{ "has_helper", bccL_has_helper },
		{ "kernel", bccL_kernel },
		{ "kernel_version", bccL_kernel_version },
		{ "list", bccL_list },
		{ "parse_trace_line", bccL_parse_trace_line },
		{ "rewrite", bccL_rewrite },
		{ "symbols", bccL_symbols },
		{ "u64string", u64string },
		{ NULL, NULL },
	};

	luaL_checkversion(L);
	bccL_register_error(L);
	bccL_register_context(L);
	bccL_register_table(L);
	bccL_register_iterate(L);
	bccL_register_kernel(L);
	bccL_register_link(L);
	bccL_register_pipe(L);
	bccL_register_symbols(L);
	bccL_register_type(L);
	bccL_register_variables(L);
	luaL_newlib(L, functions);
	lua_pushstring(L, bcc_version());
	lua_setfield(L, -2, "version");
	bccL_register_bpf(L);
	lua_setfield(L, -2, "BPF");
	bccL_push_sys(L);
	lua_setfield(L, -2, "sys");
	return 1;
}
