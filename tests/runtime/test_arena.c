/*
 * An arena: a program allocates pages and makes a list in them, this process follows and changes it
 * by the program's own pointers, and another program, which may not sleep, sees the change.
 */
#include "in_context.h"

#include <bcc/bcc.h>
#include <errno.h>

#include <bpf/bpf.h>

struct node {
	int value;
	struct node *next;
};

static const char text[] =
	"BPF_ARENA(memory, 4);\n"
	"BPF_ARRAY(roots, u64, 1);\n"
	"BPF_ARRAY(sums, u64, 1);\n"
	"struct node { int value; struct node __arena *next; };\n"
	"SEC(\"syscall\") int build(void *ctx)\n"
	"{\n"
	"	struct node __arena *p = memory.alloc_pages(1);\n"
	"	int zero = 0;\n"
	"	u64 root = (u64)p;\n"
	"	if (!p) return 1;\n"
	"	p[0].value = 40; p[0].next = p + 1;\n"
	"	p[1].value = 2; p[1].next = 0;\n"
	"	roots.update(&zero, &root);\n"
	"	return 0;\n"
	"}\n"
	"SEC(\"syscall\") int drop(void *ctx)\n"
	"{\n"
	"	int zero = 0;\n"
	"	u64 *root = roots.lookup(&zero);\n"
	"	if (root) memory.free_pages(memory.pointer(*root), 1);\n"
	"	return 0;\n"
	"}\n"
	"RAW_TRACEPOINT_PROBE(sys_enter)\n"
	"{\n"
	"	int zero = 0;\n"
	"	u64 *root = roots.lookup(&zero), sum = 0;\n"
	"	if (!root) return 0;\n"
	"	struct node __arena *p = memory.pointer(*root);\n"
	"	for (int i = 0; i < 8 && p; i++, p = p->next) sum += p->value;\n"
	"	sums.update(&zero, &sum);\n"
	"	return 0;\n"
	"}\n";

/* Skips where arenas are missing, after looking at what is said of it. */
static struct bcc_module *make_or_skip(void)
{
	struct bcc_module *mod = NULL;
	int err = bcc_module_create(ctx, text, NULL, &mod);
	struct kernel *k;
	bool has_arenas;

	assert_int_equal(kernel_open(&(struct kernel_opts){ 0 }, &k), 0);
	has_arenas = kernel_has_enumerator(k, "bpf_map_type", "BPF_MAP_TYPE_ARENA");
	kernel_close(k);
	if (err && !has_arenas) {
		print_message("this kernel has no arenas\n");
		skip();
	}
	if (err == BCC_ERR_COMPILE) {
		assert_non_null(strstr(bcc_diag_message(bcc_diag_get(ctx, 0)), "LLVM 19 or later"));
		assert_int_equal(bcc_diag_line(bcc_diag_get(ctx, 0)), 1);
		print_message("this compiler has no arenas\n");
		skip();
	}
	check(ctx, err, 0);
	return mod;
}

static void run(struct bcc_module *mod, const char *name)
{
	struct bcc_program *prog = bcc_module_program(mod, name);
	LIBBPF_OPTS(bpf_test_run_opts, opts);

	check(ctx, bcc_program_load(prog), 0);
	assert_int_equal(bpf_prog_test_run_opts(bcc_program_fd(prog), &opts), 0);
	assert_int_equal(opts.retval, 0);
}

static u_int64_t value_of(struct bcc_module *mod, const char *table)
{
	u_int64_t value = 0;
	int zero = 0;

	assert_int_equal(bcc_table_get(bcc_module_table(mod, table), &zero, &value), 0);
	return value;
}

static void pointers_are_shared(void **state)
{
	struct bcc_module *mod = make_or_skip();
	struct bcc_table *table = bcc_module_table(mod, "memory");
	struct node *list;
	size_t size = 0;
	char *memory;

	(void)state;
	memory = bcc_table_arena(table, &size);
	assert_non_null(memory);
	assert_int_equal(size, 4 * sysconf(_SC_PAGESIZE));
	run(mod, "build");
	list = (struct node *)value_of(mod, "roots");
	assert_true((char *)list >= memory && (char *)list < memory + size);
	assert_int_equal(list->value, 40);
	assert_ptr_equal(list->next, list + 1);
	assert_int_equal(list->next->value, 2);
	assert_null(list->next->next);

	list[2] = (struct node){ 58, NULL };
	list->next->next = list + 2;
	run(mod, "raw_tracepoint__sys_enter");
	assert_int_equal(value_of(mod, "sums"), 100);
	run(mod, "drop");
	bcc_module_destroy(mod);
}

static void others_have_none(void **state)
{
	struct bcc_module *mod = make_or_skip();
	struct bcc_table *table = bcc_module_table(mod, "memory");
	char bytes[8] = { 0 };

	(void)state;
	assert_string_equal(bcc_table_kind(table), "arena");
	assert_int_equal(bcc_table_get(table, bytes, bytes), -EOPNOTSUPP);
	assert_null(bcc_table_arena(bcc_module_table(mod, "roots"), NULL));
	assert_null(bcc_table_arena(NULL, NULL));
	bcc_module_destroy(mod);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(pointers_are_shared, setup_context, teardown_context),
		cmocka_unit_test_setup_teardown(others_have_none, setup_context, teardown_context),
	};

	need_bpf();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
