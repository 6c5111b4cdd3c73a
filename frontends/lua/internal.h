/*
 * What the files of the Lua module share. Handles are full userdata, one metatable each.
 *
 * A BPF object is a module in a context, its own or one that bcc.context() made and several share.
 * Every other handle keeps its owner alive as a user value and is dead once that is closed: each
 * method asks for the handle through a bccL_check_*() function, which raises then. No Lua error ever
 * passes through a frame of the C library: its callbacks run Lua in protected mode and leave the
 * error to whoever called.
 *
 * Finalizers (__gc of anybody's tables) run in the middle of any allocation, so between a check and
 * the last use of what it gave. What they close is therefore only marked, and freed at the next use
 * from elsewhere, or when it is collected itself: see bccL_in_finalizer().
 */
#ifndef BCC_LUA_INTERNAL_H
#define BCC_LUA_INTERNAL_H

#include <lauxlib.h>
#include <lua.h>

#include <bcc/bcc.h>

#define BPF_META "bcc.BPF"
#define CONTEXT_META "bcc.Context"
#define TABLE_META "bcc.Table"
#define LINK_META "bcc.Link"
#define TYPE_META "bcc.Type"

/* User values of a BPF object. */
#define BPF_SOURCE 1 /* a table: the arguments of BPF:new that compiling needs */
#define BPF_CONTEXT 2
#define BPF_TABLES 3 /* a table: name -> table object */
#define BPF_USER_VALUES 3

/* The user value of a context: a table of light userdata of a table handle -> struct lua_events. */
#define CONTEXT_EVENTS 1

struct lua_context {
	struct bcc_context *ctx; /* NULL: closed */
	unsigned users;          /* open BPF objects, and the object of bcc.context(): the last closes it */
	bool doomed;             /* closed by a finalizer, to be freed later */
	bool polling;
	lua_State *thread; /* that called the library, where callbacks run; NULL: none does */
	bool failed;       /* a callback's error is on top of that thread's stack */
};

struct lua_bpf {
	struct lua_context *context; /* the user value, at hand */
	struct bcc_module *mod;      /* NULL: closed */
	bool doomed;
};

struct lua_link {
	struct lua_context *context;
	struct lua_bpf *bpf; /* NULL: opened in a context. The user value is it, or the context */
	struct bcc_link *link;
};

/* context.c */
bool bccL_in_finalizer(lua_State *L);
/* Leaves a new context with the options of the table at arg (0: none) on the stack. */
struct lua_context *bccL_push_context(lua_State *L, int arg);
void bccL_destroy_context(struct lua_context *c);
/* One user less; the last one closes it. */
void bccL_leave_context(struct lua_context *c);
/* The open context at arg, that of a BPF object included, and raises for anything else. */
struct lua_context *bccL_check_context(lua_State *L, int arg);
void bccL_check_context_open(lua_State *L, struct lua_context *c);
/* The fields of the table argument that bccL_push_context() reads. */
#define CONTEXT_FIELDS "compiler", "btf", "tracefs", "kernel_headers"
int bccL_context(lua_State *L);
int bccL_context_fd(lua_State *L);
int bccL_diagnostics(lua_State *L);
void bccL_register_context(lua_State *L);

/* error.c: a structured error from the context's diagnostics; ctx may be NULL. Does not return. */
int bccL_raise(lua_State *L, const struct bcc_context *ctx, int err, const char *what);
/* The same error left on the stack. */
void bccL_push_error(lua_State *L, const struct bcc_context *ctx, int err, const char *what);
/* Calls fn with data (light userdata) for one result while no finalizer can run: for texts that
 * live until the next call into the library only. */
void bccL_undisturbed(lua_State *L, lua_CFunction fn, void *data);
/* Pushes an array of the context's diagnostics. */
void bccL_push_diags(lua_State *L, const struct bcc_context *ctx);
/* Pushes a slot for memory of the C library: bcc_free() frees what it holds when collected. */
char **bccL_push_slot(lua_State *L);
/* Replaces the slot on top by its text, which may be NULL when memory ran out, and frees that. */
void bccL_slot_to_string(lua_State *L);
/* Makes a metatable of methods that are found through __index, and pops it. */
void bccL_new_class(lua_State *L, const char *name, const luaL_Reg *meta, const luaL_Reg *methods);
void bccL_register_error(lua_State *L);

/* args.c: strings without zero bytes, which C would take for their end. */
const char *bccL_check_text(lua_State *L, int arg);
const char *bccL_opt_text(lua_State *L, int arg);
/* An integer from 0 to INT_MAX. */
int bccL_field_int(lua_State *L, int arg, const char *name);
/* A string field with any bytes; NULL when absent. It stays alive through its table. */
const char *bccL_field_bytes(lua_State *L, int arg, const char *name, size_t *size);
/* Fields of the table argument at arg. Absent fields are NULL, or the default. */
const char *bccL_field_string(lua_State *L, int arg, const char *name);
const char *bccL_need_string(lua_State *L, int arg, const char *name);
lua_Integer bccL_field_integer(lua_State *L, int arg, const char *name, lua_Integer fallback);
bool bccL_field_boolean(lua_State *L, int arg, const char *name, bool fallback);
/* Raises for a field that is in none of known, which ends in NULL. */
void bccL_check_fields(lua_State *L, int arg, const char *const *known);

/* bpf.c */
struct lua_bpf *bccL_check_bpf(lua_State *L, int arg);
bool bccL_is_open(const struct lua_bpf *b);
void bccL_check_open(lua_State *L, const struct lua_bpf *b);
/* Frees the module, and with the last user of a context that. Not for finalizers but its own. */
void bccL_release_bpf(lua_State *L, int index);
/* Leaves the class on the stack. */
void bccL_register_bpf(lua_State *L);

/* new.c: BPF:new{}, with the class as argument 1. */
int bccL_bpf_new(lua_State *L);

/* source.c: what is compiled. */
const char *const *bccL_read_cflags(lua_State *L, int arg);
void bccL_keep_source(lua_State *L, int arg, int bpf); /* for b:rewritten() */
int bccL_rewritten(lua_State *L);
int bccL_rewrite(lua_State *L);
int bccL_compile(lua_State *L);
/* The file's bytes, left on the stack; raises when it cannot be read. */
const char *bccL_push_file(lua_State *L, const char *path, size_t *size);

/* initial.c: the field "values" as "NAME=TEXT" strings that stay on the stack; NULL without it. */
const char *const *bccL_read_initial(lua_State *L, int arg);

/* variable.c: b:variables(), b.vars. */
int bccL_variables(lua_State *L);
void bccL_push_vars(lua_State *L, int bpf);
void bccL_register_variables(lua_State *L);

/* type.c: pushes a bcc.Type, or nil for NULL. */
void bccL_push_type(lua_State *L, int bpf, const struct bcc_type *type);
void bccL_register_type(lua_State *L);

/* attach.c: methods of the BPF object. */
extern const luaL_Reg bccL_attach_methods[];
/* The program called name, or a Lua error that lists what there is. */
struct bcc_program *bccL_find_program(lua_State *L, struct lua_bpf *b, const char *name);

/* spell.c: attach_kprobe{} and its like; adds them to the table on top. */
void bccL_set_spellings(lua_State *L);
/* attach.c: attaches to the hook on top of the stack, which may be nil. */
int bccL_attach_to(lua_State *L, struct lua_bpf *b, const char *fn_name,
		   const struct bcc_attach_opts *opts);
/* pid, cpu, cookie and target_fd of the table argument. */
void bccL_read_attach_opts(lua_State *L, int arg, struct bcc_attach_opts *opts);

/* features.c */
int bccL_features(lua_State *L);
int bccL_has_feature(lua_State *L);
int bccL_has_helper(lua_State *L);
int bccL_kernel_version(lua_State *L);

/* list.c: bcc.list(). */
int bccL_list(lua_State *L);
int bccL_regex(lua_State *L); /* regex.c */

/* test_run.c: b:test_run(). */
int bccL_test_run(lua_State *L);

/* link.c: pushes a link of the BPF object or context at index owner. */
int bccL_open_link(lua_State *L); /* b:open_link(path), c:open_link(path) */
void bccL_push_link(lua_State *L, int owner, struct bcc_link *link);
struct lua_link *bccL_check_link(lua_State *L);
void bccL_register_link(lua_State *L);
extern const luaL_Reg bccL_link_io_methods[]; /* link_io.c */

/* table.c. A raw table object shows keys and values as strings of bytes: its types are NULL here. */
void bccL_push_table(lua_State *L, int bpf, struct bcc_table *table, bool raw);
struct bcc_table *bccL_check_table(lua_State *L, int arg, struct lua_bpf **bpf);
bool bccL_table_is_raw(lua_State *L, int arg);
/* The table at index 1, which must have entries: event buffers have none. */
struct bcc_table *bccL_check_map(lua_State *L, struct lua_bpf **bpf);
/* The key or value at an index as bytes, in memory of the caller. */
void bccL_read_key(lua_State *L, int index, struct bcc_table *table, void *key);
int bccL_table_get(lua_State *L);
int bccL_table_fail(lua_State *L, int err); /* raises for the table at index 1 */
void bccL_register_table(lua_State *L);
extern const luaL_Reg bccL_table_info_methods[];    /* table_info.c */
extern const luaL_Reg bccL_table_text_methods[];    /* table_text.c */
extern const luaL_Reg bccL_table_special_methods[]; /* table_special.c */

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
/* Forgets the callbacks of all buffers of the BPF object at index. */
void bccL_forget_events(lua_State *L, int index);

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
