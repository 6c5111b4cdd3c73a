/*
 * What the files of the Lua module share. Handles are full userdata, one metatable each.
 *
 * A BPF object owns a context with one module in it. Every other handle keeps its BPF object alive
 * as a user value and is dead once that object is closed: each method asks for the handle through a
 * bccL_check_*() function, which raises then. No Lua error ever passes through a frame of the C
 * library: its callbacks run Lua in protected mode and leave the error to whoever called poll.
 */
#ifndef BCC_LUA_INTERNAL_H
#define BCC_LUA_INTERNAL_H

#include <lauxlib.h>
#include <lua.h>

#include <bcc/bcc.h>

#define BPF_META "bcc.BPF"
#define TABLE_META "bcc.Table"
#define LINK_META "bcc.Link"

/* User values of a BPF object. */
#define BPF_SOURCE 1 /* a table: the arguments of BPF:new that compiling needs */
#define BPF_EVENTS 2 /* a table: light userdata of a table handle -> struct lua_events */
#define BPF_TABLES 3 /* a table: name -> table object */
#define BPF_USER_VALUES 3

struct lua_bpf {
	struct bcc_context *ctx; /* NULL: closed */
	struct bcc_module *mod;
	lua_State *dispatching; /* the thread whose poll or dispatch runs, or NULL */
	int events;             /* where that thread's stack has the BPF_EVENTS table */
	bool failed;            /* a callback's error is on top of that stack */
};

struct lua_link {
	struct lua_bpf *bpf; /* the user value, at hand */
	struct bcc_link *link;
};

/* error.c: a structured error from the context's diagnostics; ctx may be NULL. Does not return. */
int bccL_raise(lua_State *L, const struct bcc_context *ctx, int err, const char *what);
/* Pushes an array of the context's diagnostics. */
void bccL_push_diags(lua_State *L, const struct bcc_context *ctx);
/* Pushes a slot for memory of the C library: bcc_free() frees what it holds when collected. */
char **bccL_push_slot(lua_State *L);
/* Replaces the slot on top by its text, which may be NULL when memory ran out, and frees that. */
void bccL_slot_to_string(lua_State *L);
/* Makes a metatable of methods that are found through __index, and pops it. */
void bccL_new_class(lua_State *L, const char *name, const luaL_Reg *meta, const luaL_Reg *methods);
void bccL_register_error(lua_State *L);

/* args.c: fields of the table argument at arg. Absent fields are NULL, or the default. */
const char *bccL_field_string(lua_State *L, int arg, const char *name);
const char *bccL_need_string(lua_State *L, int arg, const char *name);
lua_Integer bccL_field_integer(lua_State *L, int arg, const char *name, lua_Integer fallback);
bool bccL_field_boolean(lua_State *L, int arg, const char *name, bool fallback);
/* Raises for a field that is in none of known, which ends in NULL. */
void bccL_check_fields(lua_State *L, int arg, const char *const *known);

/* bpf.c */
struct lua_bpf *bccL_check_bpf(lua_State *L, int arg);
void bccL_check_open(lua_State *L, const struct lua_bpf *b);
/* Leaves the class on the stack. */
void bccL_register_bpf(lua_State *L);
int bccL_rewrite(lua_State *L);
int bccL_compile(lua_State *L);

/* attach.c: methods of the BPF object. */
extern const luaL_Reg bccL_attach_methods[];
/* The program called name, or a Lua error that lists what there is. */
struct bcc_program *bccL_find_program(lua_State *L, struct lua_bpf *b, const char *name);

/* features.c: bcc.features(). */
int bccL_features(lua_State *L);

/* list.c: bcc.list(). */
int bccL_list(lua_State *L);
int bccL_regex(lua_State *L); /* regex.c */

/* test_run.c: b:test_run(). */
int bccL_test_run(lua_State *L);

/* link.c: pushes a link of the BPF object at index bpf. */
int bccL_open_link(lua_State *L); /* b:open_link(path) */
void bccL_push_link(lua_State *L, int bpf, struct bcc_link *link);
void bccL_register_link(lua_State *L);

/* table.c. A raw table object shows keys and values as strings of bytes: its types are NULL here. */
void bccL_push_table(lua_State *L, int bpf, struct bcc_table *table, bool raw);
struct bcc_table *bccL_check_table(lua_State *L, int arg, struct lua_bpf **bpf);
bool bccL_table_is_raw(lua_State *L, int arg);
/* The table at index 1, which must have entries: event buffers have none. */
struct bcc_table *bccL_check_map(lua_State *L, struct lua_bpf **bpf);
void bccL_register_table(lua_State *L);

/* iterate.c: t:items(), t:keys(), t:values(), pairs(t), #t. */
extern const luaL_Reg bccL_iterate_methods[];
int bccL_table_items(lua_State *L);
int bccL_table_length(lua_State *L);
void bccL_register_iterate(lua_State *L);
/* table.c again: pushes the value in a buffer of the table, a sequence when it is per CPU. */
void bccL_push_table_value(lua_State *L, const struct bcc_table *table, bool raw,
			   const void *value);

/* events.c: methods of table objects, and the two ways to hand events over. */
extern const luaL_Reg bccL_event_methods[];
int bccL_poll(lua_State *L);
int bccL_dispatch(lua_State *L);

/* stream.c: t:events(). */
int bccL_table_events(lua_State *L);

/* kernel.c: bcc.kernel(). */
int bccL_kernel(lua_State *L);
void bccL_register_kernel(lua_State *L);

/* symbol.c: bcc.symbols(). */
int bccL_symbols(lua_State *L);
void bccL_register_symbols(lua_State *L);

/* value.c: bytes in the layout of a type <-> Lua values. type NULL: a string of bytes. */
void bccL_push_value(lua_State *L, const struct bcc_type *type, const void *data, size_t size);
/* Raises when the value at index does not fit the type; what names it ("key"). data is zeroed first. */
void bccL_read_value(lua_State *L, int index, const struct bcc_type *type, const char *what,
		     void *data, size_t size);

/* pipe.c: b:pipe(), bcc.parse_trace_line(). */
int bccL_pipe(lua_State *L);
int bccL_timings(lua_State *L); /* timings.c */
void bccL_register_pipe(lua_State *L);
int bccL_parse_trace_line(lua_State *L);

/* system.c, process.c: bcc.sys. */
void bccL_push_sys(lua_State *L);
extern const luaL_Reg bccL_process_functions[];
extern const luaL_Reg bccL_file_functions[]; /* files.c */

/* Generated: names of system calls by number, NULL where there is none. */
extern const char *const bccL_syscalls[];
extern const size_t bccL_syscall_count;

#endif
