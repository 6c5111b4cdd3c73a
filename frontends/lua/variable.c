/*
 * Global variables of the text: b.vars.NAME reads and writes one, pairs(b.vars) goes through them,
 * b:variables() describes them. Programs see what is written at once.
 */
#include "internal.h"

#include <string.h>

#define VARS_META "bcc.Variables"
#define SMALL 512

/* b.vars: the user value is the BPF object. */
struct vars {
	struct lua_bpf *bpf;
};

void bccL_push_vars(lua_State *L, int bpf)
{
	struct vars *vars;

	bpf = lua_absindex(L, bpf);
	vars = lua_newuserdatauv(L, sizeof(*vars), 1);
	vars->bpf = bccL_check_bpf(L, bpf);
	lua_pushvalue(L, bpf);
	lua_setiuservalue(L, -2, 1);
	luaL_setmetatable(L, VARS_META);
}

static struct lua_bpf *check_vars(lua_State *L)
{
	struct vars *vars = luaL_checkudata(L, 1, VARS_META);

	bccL_check_open(L, vars->bpf);
	return vars->bpf;
}

static void push_variable(lua_State *L, struct lua_bpf *b, struct bcc_variable *var)
{
	const struct bcc_type *type = bcc_variable_type(var);
	char small[SMALL] __attribute__((aligned(16)));
	size_t size = bcc_type_size(type);
	void *value = size <= SMALL ? small : lua_newuserdatauv(L, size, 0);
	int err = bcc_variable_get(var, value, size);

	if (err)
		bccL_raise(L, b->context->ctx, err, "cannot read the variable");
	bccL_push_value(L, type, value, size);
	if (value != small)
		lua_remove(L, -2);
}

/* b.vars.NAME; nil when there is none */
static int vars_index(lua_State *L)
{
	struct lua_bpf *b = check_vars(L);
	struct bcc_variable *var = bcc_module_variable(b->mod, bccL_check_text(L, 2));

	if (var)
		push_variable(L, b, var);
	else
		lua_pushnil(L);
	return 1;
}

static int no_variable(lua_State *L, struct lua_bpf *b, const char *name)
{
	struct bcc_variable *var = NULL;
	luaL_Buffer list;

	luaL_buffinit(L, &list);
	while ((var = bcc_module_next_variable(b->mod, var))) {
		luaL_addchar(&list, ' ');
		luaL_addstring(&list, bcc_variable_name(var));
	}
	luaL_pushresult(&list);
	return luaL_error(L, "there is no variable '%s' that a program uses; there are:%s", name,
			  lua_tostring(L, -1));
}

/* b.vars.NAME = value */
static int vars_newindex(lua_State *L)
{
	struct lua_bpf *b = check_vars(L);
	const char *name = bccL_check_text(L, 2);
	struct bcc_variable *var = bcc_module_variable(b->mod, name);
	char small[SMALL] __attribute__((aligned(16)));
	size_t size;
	void *value;
	int err;

	luaL_checkany(L, 3);
	if (!var)
		return no_variable(L, b, name);
	size = bcc_type_size(bcc_variable_type(var));
	value = size <= SMALL ? small : lua_newuserdatauv(L, size, 0);
	bccL_read_value(L, 3, bcc_variable_type(var), name, value, size);
	err = bcc_variable_set(var, value, size);
	return err ? bccL_raise(L, b->context->ctx, err, "cannot write the variable") : 0;
}

/* (vars, name) -> the variable behind it and its value */
static int vars_next(lua_State *L)
{
	struct lua_bpf *b = check_vars(L);
	struct bcc_variable *var = NULL;

	if (!lua_isnoneornil(L, 2)) {
		const char *name = bccL_check_text(L, 2);

		var = bcc_module_variable(b->mod, name);
		if (!var)
			return no_variable(L, b, name);
	}
	var = bcc_module_next_variable(b->mod, var);
	if (!var) {
		lua_pushnil(L);
		return 1;
	}
	lua_pushstring(L, bcc_variable_name(var));
	push_variable(L, b, var);
	return 2;
}

static int vars_pairs(lua_State *L)
{
	check_vars(L);
	lua_pushcfunction(L, vars_next);
	lua_pushvalue(L, 1);
	return 2;
}

static int vars_tostring(lua_State *L)
{
	luaL_checkudata(L, 1, VARS_META);
	lua_pushliteral(L, VARS_META);
	return 1;
}

/* b:variables(): a sequence of { name =, type =, constant =, text = } */
int bccL_variables(lua_State *L)
{
	struct lua_bpf *b = bccL_check_bpf(L, 1);
	struct bcc_variable *var = NULL;
	lua_Integer n = 0;

	lua_settop(L, 1);
	lua_newtable(L);
	while ((var = bcc_module_next_variable(b->mod, var))) {
		char **text;
		int err;

		lua_createtable(L, 0, 4);
		lua_pushstring(L, bcc_variable_name(var));
		lua_setfield(L, -2, "name");
		bccL_push_type(L, 1, bcc_variable_type(var));
		lua_setfield(L, -2, "type");
		lua_pushboolean(L, bcc_variable_is_constant(var));
		lua_setfield(L, -2, "constant");
		text = bccL_push_slot(L);
		err = bcc_variable_get_text(var, text);
		if (err)
			return bccL_raise(L, b->context->ctx, err, "cannot read the variable");
		bccL_slot_to_string(L);
		lua_setfield(L, -2, "text");
		lua_rawseti(L, 2, ++n);
	}
	return 1;
}

void bccL_register_variables(lua_State *L)
{
	static const luaL_Reg meta[] = {
		{ "__index", vars_index },   { "__newindex", vars_newindex },
		{ "__pairs", vars_pairs },   { "__tostring", vars_tostring },
		{ NULL, NULL },
	};

	bccL_new_class(L, VARS_META, meta, NULL);
}
