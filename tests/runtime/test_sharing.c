/*
 * Tables that more than one knows: pinned on a BPF file system, public to the modules of a context,
 * inside of other tables, programs in tables. The texts are the dialect's; the programs run in this
 * kernel and must leave exact values.
 */
#include "runtime.h"

#include <bcc/bcc.h>
#include <errno.h>
#include <sched.h>
#include <sys/mount.h>

#include <bpf/bpf.h>

static char bpffs[] = "/tmp/bcc-test-bpffs-XXXXXX";
static bool mounted;

struct fixture {
	struct bcc_context *ctx;
	int descriptors;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	BCC_OPTS(bcc_context_opts, opts, .compiler_path = TEST_COMPILER);

	*state = f;
	f->descriptors = bpf_descriptors();
	return bcc_context_create(&opts, &f->ctx);
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	bcc_context_destroy(f->ctx);
	assert_int_equal(bpf_descriptors(), f->descriptors);
	free(f);
	return 0;
}

/* Makes a module of a text, in which $ stands for the directory of the BPF file system. */
static int try(struct fixture *f, const char *name, const char *text, struct bcc_module **out)
{
	BCC_OPTS(bcc_module_opts, opts, .name = name);
	char full[4096], *to = full;

	for (; *text; text++)
		to += sprintf(to, *text == '$' ? "%s" : "%.1s", *text == '$' ? bpffs : text);
	*to = '\0';
	return bcc_module_create(f->ctx, full, &opts, out);
}

static struct bcc_module *make(struct fixture *f, const char *name, const char *text)
{
	struct bcc_module *mod = NULL;

	check(f->ctx, try(f, name, text, &mod), 0);
	return mod;
}

static void run(struct bcc_module *mod, const char *program)
{
	struct bcc_program *prog = bcc_module_program(mod, program);
	LIBBPF_OPTS(bpf_test_run_opts, opts);

	assert_non_null(prog);
	check(bcc_module_context(mod), bcc_program_load(prog), 0);
	assert_int_equal(bpf_prog_test_run_opts(bcc_program_fd(prog), &opts), 0);
}

/* The value of a key as a number, -1 when it is not there. */
static long long value(struct bcc_module *mod, const char *table, const char *key)
{
	char *text = NULL;
	long long n;
	int err = bcc_table_get_text(bcc_module_table(mod, table), key, &text);

	if (err == -ENOENT)
		return -1;
	check(bcc_module_context(mod), err, 0);
	n = strtoll(text, NULL, 0);
	bcc_free(text);
	return n;
}

static void set(struct bcc_module *mod, const char *table, const char *key, const char *to)
{
	check(bcc_module_context(mod),
	      bcc_table_set_text(bcc_module_table(mod, table), key, to), 0);
}

static unsigned map_id(struct bcc_module *mod, const char *table)
{
	struct bpf_map_info info = { 0 };
	uint32_t size = sizeof(info);

	assert_int_equal(bpf_obj_get_info_by_fd(bcc_table_fd(bcc_module_table(mod, table)), &info,
						&size), 0);
	return info.id;
}

/* The only diagnostic of a text that must fail. */
static const struct bcc_diag *refused(struct fixture *f, const char *text, int expected)
{
	struct bcc_module *mod = NULL;

	check(f->ctx, try(f, "refused.c", text, &mod), expected);
	assert_null(mod);
	assert_int_equal(bcc_diag_count(f->ctx), 1);
	return bcc_diag_get(f->ctx, 0);
}

static void expect(const char *text, const char *part)
{
	if (!text || !strstr(text, part))
		fail_msg("'%s' is not in '%s'", part, text ? text : "(nothing)");
}

static char *in_bpffs(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", bpffs, name);
	return path;
}

/* --- pinned --- */

static const char pinned_text[] =
	"BPF_TABLE_PINNED(\"hash\", u32, u64, counts, 64, \"$/made/here/counts\");\n"
	"int raw_tracepoint__sys_enter(struct bpf_raw_tracepoint_args *ctx)\n"
	"{ counts.increment(7, 5); return 0; }\n";

static void pinned(void **state)
{
	struct fixture *f = *state;
	struct bcc_module *one, *two;
	struct stat st;
	unsigned id;

	if (!mounted)
		skip();
	one = make(f, "one.c", pinned_text);
	assert_int_equal(stat(in_bpffs("made"), &st), 0);
	assert_int_equal(st.st_mode, S_IFDIR | 0700);
	assert_int_equal(stat(in_bpffs("made/here"), &st), 0);
	assert_int_equal(st.st_mode, S_IFDIR | 0700);
	assert_int_equal(stat(in_bpffs("made/here/counts"), &st), 0);
	run(one, "raw_tracepoint__sys_enter");
	assert_int_equal(value(one, "counts", "7"), 5);

	two = make(f, "two.c", pinned_text);
	id = map_id(one, "counts");
	assert_int_equal(map_id(two, "counts"), id);
	run(two, "raw_tracepoint__sys_enter");
	assert_int_equal(value(one, "counts", "7"), 10);
	bcc_module_destroy(one);
	bcc_module_destroy(two);

	/* The pin is what keeps it. */
	assert_int_equal(stat(in_bpffs("made/here/counts"), &st), 0);
	one = make(f, "three.c", pinned_text);
	assert_int_equal(map_id(one, "counts"), id);
	assert_int_equal(value(one, "counts", "7"), 10);
	bcc_module_destroy(one);
}

/* Another table's name, and flags: libbpf names a map that it takes over as the kernel does. */
static void pinned_by_another_name(void **state)
{
	struct fixture *f = *state;
	struct bcc_module *one, *two;

	if (!mounted)
		skip();
	one = make(f, "one.c",
		   "BPF_TABLE_PINNED(\"hash\", u32, u64, first, 8, \"$/named\", 1);");
	set(one, "first", "3", "4");
	two = make(f, "two.c",
		   "BPF_TABLE_PINNED(\"hash\", u32, u64, much_longer_second_name, 8, \"$/named\", "
		   "BPF_F_NO_PREALLOC);\n"
		   "BPF_ARRAY(first, u64, 1);\n"
		   "int raw_tracepoint__sys_enter(struct bpf_raw_tracepoint_args *ctx) {\n"
		   "much_longer_second_name.increment(3); first.increment(0, 90); return 0; }");
	run(two, "raw_tracepoint__sys_enter");
	assert_int_equal(value(one, "first", "3"), 5);
	assert_int_equal(value(two, "much_longer_second_name", "3"), 5);
	assert_int_equal(value(two, "first", "0"), 90);
}

static void pinned_otherwise(void **state)
{
	struct fixture *f = *state;
	struct bcc_module *one, *two;
	uint64_t in = 11, out = 0;
	struct stat st;

	if (!mounted)
		skip();
	make(f, "xsk.c", "BPF_XSKMAP(sockets, 4, \"$/xsk\");");
	assert_int_equal(stat(in_bpffs("xsk"), &st), 0);
	one = make(f, "one.c", "BPF_QUEUESTACK_PINNED(\"queue\", q, u64, 4, 0, \"$/queue\");");
	assert_int_equal(bcc_table_set(bcc_module_table(one, "q"), NULL, &in), 0);
	two = make(f, "two.c", "BPF_QUEUESTACK_PINNED(\"queue\", q, u64, 4, 0, \"$/queue\");");
	assert_int_equal(bcc_table_get(bcc_module_table(two, "q"), NULL, &out), 0);
	assert_int_equal(out, 11);
}

static void pin_mismatch(void **state)
{
	struct fixture *f = *state;
	const struct bcc_diag *diag;
	struct bcc_module *mod;
	char expected[600];
	unsigned id;

	if (!mounted)
		skip();
	mod = make(f, "one.c", "BPF_TABLE_PINNED(\"hash\", u32, u64, t, 64, \"$/mismatch\");");
	id = map_id(mod, "t");
	diag = refused(f, "BPF_TABLE_PINNED(\"array\", int, u32, t, 32, \"$/mismatch\");", -EEXIST);
	snprintf(expected, sizeof(expected), "table 't' cannot be pinned at %s/mismatch: the map "
		 "there is hash, key 4 bytes, value 8 bytes, 64 entries, flags 0x0; the table is "
		 "array, key 4 bytes, value 4 bytes, 32 entries, flags 0x0", bpffs);
	assert_string_equal(bcc_diag_message(diag), expected);
	assert_string_equal(bcc_diag_code(diag), "pin");
	diag = refused(f, "BPF_TABLE_PINNED(\"hash\", u32, u64, t, 64, \"$/mismatch\", 1);",
		       -EEXIST);
	expect(bcc_diag_message(diag), "64 entries, flags 0x1");
	/* Not overwritten. */
	assert_int_equal(map_id(make(f, "two.c", "BPF_TABLE_PINNED(\"hash\", u32, u64, t, 64, "
				     "\"$/mismatch\");"), "t"), id);
}

static void pin_refused(void **state)
{
	struct fixture *f = *state;
	const struct bcc_diag *diag;
	struct stat st;

	if (!mounted)
		skip();
	assert_int_equal(mkdir(in_bpffs("real"), 0700), 0);
	assert_int_equal(symlink("real", in_bpffs("link")), 0);
	diag = refused(f, "BPF_TABLE_PINNED(\"hash\", u32, u64, t, 8, \"$/link/t\");", -ELOOP);
	expect(bcc_diag_message(diag), "/link is a symbolic link");
	assert_int_equal(symlink("nowhere", in_bpffs("dangling")), 0);
	diag = refused(f, "BPF_TABLE_PINNED(\"hash\", u32, u64, t, 8, \"$/dangling\");", -ELOOP);
	expect(bcc_diag_message(diag), "/dangling is a symbolic link");
	assert_int_equal(lstat(in_bpffs("nowhere"), &st), -1);
	refused(f, "BPF_TABLE_PINNED(\"hash\", u32, u64, t, 8, \"$/real/../t\");", -EINVAL);
	refused(f, "BPF_TABLE_PINNED(\"hash\", u32, u64, t, 8, \"relative\");", -EINVAL);
	refused(f, "BPF_TABLE_PINNED(\"hash\", u32, u64, t, 8, \"/\");", -EINVAL);
	diag = refused(f, "BPF_TABLE_PINNED(\"hash\", u32, u64, t, 8, \"$/real/a.b\");", -EPERM);
	expect(bcc_diag_message(diag), "a BPF file system has no names with a dot");
	diag = refused(f, "BPF_TABLE_PINNED(\"hash\", u32, u64, t, 8, \"$/real\");", -EACCES);
	/* When one of two cannot be pinned, neither is. */
	refused(f, "BPF_TABLE_PINNED(\"hash\", u32, u64, t, 8, \"$/real/good\");\n"
		"BPF_TABLE_PINNED(\"hash\", u32, u64, u, 8, \"$/real/b.ad\");", -EPERM);
	assert_int_equal(lstat(in_bpffs("real/good"), &st), -1);
}

/* A program where the table wants to be. */
static void pin_is_no_map(void **state)
{
	struct fixture *f = *state;
	struct bcc_module *mod;
	struct bcc_program *prog;

	if (!mounted)
		skip();
	mod = make(f, "one.c", "int raw_tracepoint__sys_enter(struct bpf_raw_tracepoint_args *ctx) "
		   "{ return 0; }");
	prog = bcc_module_program(mod, "raw_tracepoint__sys_enter");
	check(f->ctx, bcc_program_load(prog), 0);
	assert_int_equal(bpf_obj_pin(bcc_program_fd(prog), in_bpffs("program")), 0);
	expect(bcc_diag_message(refused(f, "BPF_TABLE_PINNED(\"hash\", u32, u64, t, 8, "
					"\"$/program\");", -EEXIST)), "what is there is no map");
}

static void pin_without_bpffs(void **state)
{
	struct fixture *f = *state;
	const struct bcc_diag *diag;
	struct stat st;

	diag = refused(f, "BPF_TABLE_PINNED(\"hash\", u32, u64, t, 8, "
		       "\"/tmp/bcc-test-no-such-dir/sub/t\");", -EINVAL);
	expect(bcc_diag_message(diag), "/tmp is not on a BPF file system");
	expect(bcc_diag_hint(diag), "mount -t bpf bpf /tmp/bcc-test-no-such-dir/sub");
	assert_int_equal(stat("/tmp/bcc-test-no-such-dir", &st), -1);
	diag = refused(f, "BPF_TABLE_PINNED(\"hash\", u32, u64, t, 8, \"/bcc_test\");", -EINVAL);
	expect(bcc_diag_message(diag), "/ is not on a BPF file system");
}

/* --- public and extern --- */

static void publics(void **state)
{
	struct fixture *f = *state;
	struct bcc_module *owner, *user, *last;
	struct bcc_table *t;

	owner = make(f, "owner.c",
		     "struct who { u32 pid; char comm[4]; };\n"
		     "BPF_TABLE_PUBLIC(\"lru_hash\", struct who, u64, seen, 64);\n"
		     "BPF_TABLE_SHARED(\"array\", int, u32, slots, 4);\n"
		     "BPF_HASH(own, u32);");
	user = make(f, "user.c",
		    "struct k { u64 n; };\n"
		    "BPF_TABLE(\"extern\", struct k, u64, seen, 64);\n"
		    "BPF_TABLE(\"extern\", int, u32, slots, 4);\n"
		    "int raw_tracepoint__sys_enter(struct bpf_raw_tracepoint_args *ctx)\n"
		    "{ struct k k = { 0x62610000002aULL << 8 >> 8 }; int two = 2; u32 *n;\n"
		    "seen.increment(k, 3); n = slots.lookup(&two); if (n) *n += 9; return 0; }");
	t = bcc_module_table(user, "seen");
	assert_string_equal(bcc_table_kind(t), "lru_hash");
	assert_string_equal(bcc_type_name(bcc_table_key_type(t)), "struct who");
	assert_string_equal(bcc_table_kind(bcc_module_table(user, "slots")), "array");
	assert_int_equal(map_id(user, "seen"), map_id(owner, "seen"));
	set(owner, "seen", "{pid = 42, comm = \"\\x00\\x00ab\"}", "1");
	run(user, "raw_tracepoint__sys_enter");
	assert_int_equal(value(owner, "slots", "2"), 9);
	/* What the program adds to is what the owner and the user read. */
	bcc_module_destroy(owner);
	assert_int_equal(value(user, "slots", "2"), 9);
	run(user, "raw_tracepoint__sys_enter");
	assert_int_equal(value(user, "slots", "2"), 18);

	/* Handed on by the one that has it. */
	last = make(f, "last.c", "BPF_TABLE(\"extern\", int, u32, slots, 4);");
	assert_int_equal(map_id(last, "slots"), map_id(user, "slots"));
	bcc_module_destroy(user);
	assert_int_equal(value(last, "slots", "2"), 18);
}

static void extern_histogram(void **state)
{
	struct fixture *f = *state;
	struct bcc_module *owner, *user;

	owner = make(f, "owner.c", "BPF_TABLE_PUBLIC(\"histogram\", int, u64, dist, 64);");
	user = make(f, "user.c", "BPF_TABLE(\"extern\", int, u64, dist, 64);");
	set(owner, "dist", "3", "2");
	assert_string_equal(bcc_table_kind(bcc_module_table(user, "dist")), "histogram");
	assert_int_equal(value(user, "dist", "3"), 2);
}

static void first_public_wins(void **state)
{
	struct fixture *f = *state;
	struct bcc_module *one, *two, *user;

	one = make(f, "one.c", "BPF_TABLE_PUBLIC(\"hash\", u32, u64, same, 8);");
	two = make(f, "two.c", "BPF_TABLE_PUBLIC(\"hash\", u32, u64, same, 8);");
	assert_int_not_equal(map_id(one, "same"), map_id(two, "same"));
	user = make(f, "user.c", "BPF_TABLE(\"extern\", u32, u64, same, 8);");
	assert_int_equal(map_id(user, "same"), map_id(one, "same"));
}

static void extern_missing(void **state)
{
	static const char text[] = "/* none */\nBPF_TABLE(\"extern\", u32, u64, requets, 64);\n";
	struct fixture *f = *state;
	const struct bcc_diag *diag;

	diag = refused(f, text, BCC_ERR_COMPILE);
	assert_string_equal(bcc_diag_message(diag), "reference to undefined table 'requets'");
	assert_string_equal(bcc_diag_code(diag), "undefined-table");
	assert_string_equal(bcc_diag_file(diag), "refused.c");
	assert_int_equal(bcc_diag_line(diag), 2);
	assert_int_equal(bcc_diag_column(diag), 31);
	assert_int_equal(bcc_diag_end_column(diag), 38);
	assert_string_equal(bcc_diag_source_line(diag),
			    "BPF_TABLE(\"extern\", u32, u64, requets, 64);");
	expect(bcc_diag_hint(diag), "BPF_TABLE_PUBLIC");
	make(f, "owner.c", "BPF_TABLE_PUBLIC(\"hash\", u32, u64, requests, 8);\n"
	     "BPF_TABLE_PUBLIC(\"hash\", u32, u64, zzz, 8); BPF_HASH(requets);");
	assert_string_equal(bcc_diag_hint(refused(f, text, BCC_ERR_COMPILE)),
			    "there is 'requests' of owner.c");
	assert_string_equal(bcc_diag_hint(refused(f, "BPF_TABLE(\"extern\", u32, u64, other, 1);",
						  BCC_ERR_COMPILE)),
			    "the public tables of this context are 'requests' of owner.c, "
			    "'zzz' of owner.c");
}

static void extern_sizes(void **state)
{
	struct fixture *f = *state;
	const struct bcc_diag *diag;

	make(f, "owner.c", "BPF_TABLE_PUBLIC(\"hash\", u32, u64, t, 8);");
	diag = refused(f, "BPF_TABLE(\"extern\", u64, u64, t, 8);", BCC_ERR_COMPILE);
	assert_string_equal(bcc_diag_message(diag),
			    "table 't' is declared with a key of 8 bytes and a value of 8, but the "
			    "table of owner.c has 4 and 8");
	assert_string_equal(bcc_diag_hint(diag), "its key is u32, its value u64");
	assert_int_equal(bcc_diag_line(diag), 1);
}

/* --- tables of tables, tables of programs --- */

static const char nested_text[] =
	"BPF_ARRAY(inner, u64, 4);\n"
	"BPF_ARRAY(inner_b, u64, 4);\n"
	"BPF_HASH(inner_hash, u32, u64, 16);\n"
	"BPF_ARRAY_OF_MAPS(outer, \"inner\", 8);\n"
	"BPF_HASH_OF_MAPS(named, u32, \"inner_hash\", 4);\n"
	"int raw_tracepoint__sys_enter(struct bpf_raw_tracepoint_args *ctx) {\n"
	"	int slot = 5, one = 1; u32 name = 77, key = 8; u64 *n, v = 123; void *m;\n"
	"	m = outer.lookup(&slot);\n"
	"	if (m && (n = bpf_map_lookup_elem(m, &one))) *n += 21;\n"
	"	m = named.lookup(&name);\n"
	"	if (m) bpf_map_update_elem(m, &key, &v, BPF_ANY);\n"
	"	return 0;\n"
	"}\n";

static void tables_of_tables(void **state)
{
	struct fixture *f = *state;
	struct bcc_module *mod = make(f, "nested.c", nested_text);
	struct bcc_table *outer = bcc_module_table(mod, "outer");
	struct bcc_table *named = bcc_module_table(mod, "named");
	int slot = 5, fd;
	uint32_t name = 77, id = 0;

	assert_string_equal(bcc_table_kind(outer), "array_of_maps");
	assert_string_equal(bcc_table_kind(named), "hash_of_maps");
	run(mod, "raw_tracepoint__sys_enter"); /* nothing is in them */
	check(f->ctx, bcc_table_set_table(outer, &slot, bcc_module_table(mod, "inner_b")), 0);
	check(f->ctx, bcc_table_set_table(named, &name, bcc_module_table(mod, "inner_hash")), 0);
	run(mod, "raw_tracepoint__sys_enter");
	assert_int_equal(value(mod, "inner_b", "1"), 21);
	assert_int_equal(value(mod, "inner", "1"), 0);
	assert_int_equal(value(mod, "inner_hash", "8"), 123);

	assert_int_equal(bcc_table_get(outer, &slot, &id), 0);
	assert_int_equal(id, map_id(mod, "inner_b"));
	/* A descriptor as the value is the same. */
	fd = bcc_table_fd(bcc_module_table(mod, "inner"));
	check(f->ctx, bcc_table_set(outer, &slot, &fd), 0);
	assert_int_equal(value(mod, "outer", "5"), map_id(mod, "inner"));
	assert_int_equal(bcc_table_delete(outer, &slot), 0);
	assert_int_equal(value(mod, "outer", "5"), -1);
}

static void walk_tables_of_tables(void **state)
{
	struct fixture *f = *state;
	struct bcc_module *mod = make(f, "nested.c", nested_text);
	struct bcc_table *outer = bcc_module_table(mod, "outer");
	struct bcc_table_iter *iter = NULL;
	const void *key, *id;
	int slot = 6;

	check(f->ctx, bcc_table_set_table(outer, &slot, bcc_module_table(mod, "inner")), 0);
	check(f->ctx, bcc_table_iter_create(outer, &iter), 0);
	assert_int_equal(bcc_table_iter_next(iter, &key, &id), 1);
	assert_int_equal(*(const int *)key, 6);
	assert_int_equal(*(const uint32_t *)id, map_id(mod, "inner"));
	assert_int_equal(bcc_table_iter_next(iter, &key, &id), 0);
	bcc_table_iter_destroy(iter);
	check(f->ctx, bcc_table_clear(outer), 0);
	assert_int_equal(value(mod, "outer", "6"), -1);
}

static void wrong_inner_table(void **state)
{
	struct fixture *f = *state;
	struct bcc_module *mod = make(f, "nested.c", nested_text);
	struct bcc_table *outer = bcc_module_table(mod, "outer");
	struct bcc_table *inner = bcc_module_table(mod, "inner");
	int slot = 1;

	check(f->ctx, bcc_table_set_table(outer, &slot, bcc_module_table(mod, "inner_hash")),
	      -EINVAL);
	assert_string_equal(bcc_diag_message(bcc_diag_get(f->ctx, 0)),
			    "table inner_hash (hash, key 4 bytes, value 8 bytes, 16 entries) "
			    "cannot be put into outer");
	check(f->ctx, bcc_table_set_table(inner, &slot, outer), -EINVAL);
	assert_string_equal(bcc_diag_message(bcc_diag_get(f->ctx, 0)),
			    "table inner (array) holds no tables");
	slot = 8;
	check(f->ctx, bcc_table_set_table(outer, &slot, inner), -E2BIG);
	assert_int_equal(bcc_table_set_table(NULL, &slot, inner), -EINVAL);
	assert_int_equal(bcc_table_set_table(outer, NULL, inner), -EINVAL);
	assert_int_equal(bcc_table_set_table(outer, &slot, NULL), -EINVAL);
}

static void tail_calls(void **state)
{
	struct fixture *f = *state;
	struct bcc_module *mod, *more;
	struct bcc_table *jumps;

	mod = make(f, "tail.c",
		   "BPF_PROG_ARRAY(jumps, 4);\nBPF_ARRAY(hits, u64, 4);\n"
		   "int raw_tracepoint__sys_enter(struct bpf_raw_tracepoint_args *ctx)\n"
		   "{ jumps.call(ctx, 2); hits.increment(0); return 0; }\n"
		   "int raw_tracepoint__sys_exit(struct bpf_raw_tracepoint_args *ctx)\n"
		   "{ hits.increment(1, 10); return 0; }\n"
		   "int tracepoint__syscalls__sys_enter_getppid(void *ctx) { return 0; }\n");
	jumps = bcc_module_table(mod, "jumps");
	assert_string_equal(bcc_table_kind(jumps), "prog");
	run(mod, "raw_tracepoint__sys_enter");
	assert_int_equal(value(mod, "hits", "0"), 1);
	check(f->ctx, bcc_table_set_program(
		jumps, 2, bcc_module_program(mod, "raw_tracepoint__sys_exit")), 0);
	run(mod, "raw_tracepoint__sys_enter");
	assert_int_equal(value(mod, "hits", "0"), 1);
	assert_int_equal(value(mod, "hits", "1"), 10);

	/* Of another module. */
	more = make(f, "more.c", "BPF_ARRAY(seen, u64, 1);\n"
		    "int raw_tracepoint__sys_enter(struct bpf_raw_tracepoint_args *ctx)\n"
		    "{ seen.increment(0, 4); return 0; }\n");
	check(f->ctx, bcc_table_set_program(
		jumps, 2, bcc_module_program(more, "raw_tracepoint__sys_enter")), 0);
	run(mod, "raw_tracepoint__sys_enter");
	assert_int_equal(value(more, "seen", "0"), 4);

	check(f->ctx, bcc_table_set_program(
		jumps, 3, bcc_module_program(mod, "tracepoint__syscalls__sys_enter_getppid")),
	      -EINVAL);
	expect(bcc_diag_message(bcc_diag_get(f->ctx, 0)), "it is of another type");
	check(f->ctx, bcc_table_set_program(
		jumps, 4, bcc_module_program(mod, "raw_tracepoint__sys_exit")), -E2BIG);
	check(f->ctx, bcc_table_set_program(bcc_module_table(mod, "hits"), 0,
					    bcc_module_program(mod, "raw_tracepoint__sys_exit")),
	      -EINVAL);
}

/* A BPF file system that is gone with this process. */
static int mount_bpffs(void **state)
{
	(void)state;
	if (!mkdtemp(bpffs))
		return -1;
	mounted = !unshare(CLONE_NEWNS) && !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) &&
		  !mount("bpf", bpffs, "bpf", 0, NULL);
	if (!mounted)
		print_message("the tests of pins are skipped: no BPF file system can be mounted\n");
	return 0;
}

static int unmount_bpffs(void **state)
{
	(void)state;
	if (mounted)
		umount(bpffs);
	return rmdir(bpffs);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(pinned),
		TEST(pinned_by_another_name),
		TEST(pinned_otherwise),
		TEST(pin_mismatch),
		TEST(pin_refused),
		TEST(pin_is_no_map),
		TEST(pin_without_bpffs),
		TEST(publics),
		TEST(extern_histogram),
		TEST(first_public_wins),
		TEST(extern_missing),
		TEST(extern_sizes),
		TEST(tables_of_tables),
		TEST(walk_tables_of_tables),
		TEST(wrong_inner_table),
		TEST(tail_calls),
	};

	need_bpf();
	return cmocka_run_group_tests(tests, mount_bpffs, unmount_bpffs);
}
