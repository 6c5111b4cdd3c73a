/*
 * Entries in the text form of bcc/type.h, and histograms.
 */
#include "internal.h"

#include <errno.h>

static int table_get_text(lua_State *L)
{
	struct bcc_table *table = bccL_check_map(L, NULL);
	const char *key = bccL_check_text(L, 2);
	char **text = bccL_push_slot(L);
	int err = bcc_table_get_text(table, key, text);

	if (err == -ENOENT) {
		lua_pushnil(L);
		return 1;
	}
	if (err)
		return bccL_table_fail(L, err);
	bccL_slot_to_string(L);
	return 1;
}

static int table_set_text(lua_State *L)
{
	struct bcc_table *table = bccL_check_map(L, NULL);
	const char *key = bccL_check_text(L, 2), *value = bccL_check_text(L, 3);
	int err = bcc_table_set_text(table, key, value);

	return err ? bccL_table_fail(L, err) : 0;
}

static int table_delete_text(lua_State *L)
{
	struct bcc_table *table = bccL_check_map(L, NULL);
	int err = bcc_table_delete_text(table, bccL_check_text(L, 2));

	if (err && err != -ENOENT)
		return bccL_table_fail(L, err);
	lua_pushboolean(L, !err);
	return 1;
}

static int histogram(lua_State *L, bool linear)
{
	struct bcc_table *table = bccL_check_map(L, NULL);
	BCC_OPTS(bcc_histogram_opts, opts, .value_name = bccL_opt_text(L, 2),
		 .section_name = bccL_opt_text(L, 3), .linear = linear);
	char **text = bccL_push_slot(L);
	int err = bcc_table_histogram_dup(table, &opts, text);

	if (err)
		return bccL_table_fail(L, err);
	bccL_slot_to_string(L);
	return 1;
}

/* t:log2_hist([heading [, section]]): the histogram as text. */
static int table_log2_hist(lua_State *L)
{
	return histogram(L, false);
}

static int table_linear_hist(lua_State *L)
{
	return histogram(L, true);
}

/* Calls print with the result of the function before it. */
static int print_text(lua_State *L, lua_CFunction text)
{
	text(L);
	lua_getglobal(L, "io");
	lua_getfield(L, -1, "write");
	lua_pushvalue(L, -3);
	lua_call(L, 1, 0);
	return 0;
}

static int table_print_log2_hist(lua_State *L)
{
	return print_text(L, table_log2_hist);
}

static int table_print_linear_hist(lua_State *L)
{
	return print_text(L, table_linear_hist);
}

const luaL_Reg bccL_table_text_methods[] = {
	{ "delete_text", table_delete_text },
	{ "get_text", table_get_text },
	{ "linear_hist", table_linear_hist },
	{ "log2_hist", table_log2_hist },
	{ "print_linear_hist", table_print_linear_hist },
	{ "print_log2_hist", table_print_log2_hist },
	{ "set_text", table_set_text },
	{ NULL, NULL },
};
