/*
 * Types and functions that only a kernel module has: split BTF, made here over the fixture's. Two
 * modules use the same ids, refer to the kernel's types and to their own; one file is no BTF.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <bpf/btf.h>

#include "kernel/internal.h"

struct fixture {
	char directory[64];
	struct kernel *k;
};

static void write_bytes(const char *directory, const char *name, const void *data, size_t n)
{
	char path[128];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", directory, name);
	f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

static void write_btf(const char *directory, const char *name, const struct btf *btf)
{
	uint32_t size;
	const void *data = btf__raw_data(btf, &size);

	assert_non_null(data);
	write_bytes(directory, name, data, size);
}

/*
 * typedef int veth_count_t;
 * struct veth_ring { int mode; veth_count_t n; };
 * struct veth_priv { struct task_struct *owner; struct veth_ring *ring; int mode; };
 * enum veth_kind { VETH_NONE, VETH_PAIR = 7 };
 * int veth_open(struct task_struct *owner, struct veth_ring *ring);
 */
static void make_veth(struct btf *base, const char *directory)
{
	struct btf *btf = btf__new_empty_split(base);
	int task = btf__find_by_name_kind(base, "task_struct", BTF_KIND_STRUCT);
	int number = btf__find_by_name_kind(base, "int", BTF_KIND_INT);
	int count, ring, to_task, to_ring, proto;

	assert_true(task > 0 && number > 0);
	count = btf__add_typedef(btf, "veth_count_t", number);
	ring = btf__add_struct(btf, "veth_ring", 8);
	btf__add_field(btf, "mode", number, 0, 0);
	btf__add_field(btf, "n", count, 32, 0);
	to_task = btf__add_ptr(btf, task);
	to_ring = btf__add_ptr(btf, ring);
	btf__add_struct(btf, "veth_priv", 24);
	btf__add_field(btf, "owner", to_task, 0, 0);
	btf__add_field(btf, "ring", to_ring, 64, 0);
	btf__add_field(btf, "mode", number, 128, 0);
	btf__add_enum(btf, "veth_kind", 4);
	btf__add_enum_value(btf, "VETH_NONE", 0);
	btf__add_enum_value(btf, "VETH_PAIR", 7);
	proto = btf__add_func_proto(btf, number);
	btf__add_func_param(btf, "owner", to_task);
	btf__add_func_param(btf, "ring", to_ring);
	assert_true(btf__add_func(btf, "veth_open", BTF_FUNC_STATIC, proto) > 0);
	write_btf(directory, "veth", btf);
	btf__free(btf);
}

/* struct zram { struct zram_table *table; char name[4]; union { int a; }; }; enum zram_kind */
static void make_zram(struct btf *base, const char *directory)
{
	struct btf *btf = btf__new_empty_split(base);
	int number = btf__find_by_name_kind(base, "int", BTF_KIND_INT);
	int letter = btf__find_by_name_kind(base, "char", BTF_KIND_INT);
	int table, to_table, name, nameless;

	table = btf__add_struct(btf, "zram_table", 4);
	btf__add_field(btf, "handle", number, 0, 0);
	to_table = btf__add_ptr(btf, table);
	name = btf__add_array(btf, number, letter, 4);
	nameless = btf__add_union(btf, NULL, 4);
	btf__add_field(btf, "a", number, 0, 0);
	btf__add_struct(btf, "zram", 16);
	btf__add_field(btf, "table", to_table, 0, 0);
	btf__add_field(btf, "name", name, 64, 0);
	btf__add_field(btf, NULL, nameless, 96, 0);
	assert_true(btf__add_enum(btf, "zram_kind", 4) > 0);
	btf__add_enum_value(btf, "ZRAM_ONE", 1);
	write_btf(directory, "zram", btf);
	btf__free(btf);
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	struct btf *base = btf__parse_elf(TEST_KERNEL, NULL);
	struct kernel_opts opts = { .btf_path = TEST_KERNEL, .modules_path = f->directory,
				    .tracefs_path = "/nonexistent" };

	*state = f;
	strcpy(f->directory, "/tmp/bcc-test-modules-XXXXXX");
	if (!base || !mkdtemp(f->directory))
		return -1;
	make_veth(base, f->directory);
	make_zram(base, f->directory);
	write_bytes(f->directory, "junk", "no BTF at all", 13);
	write_bytes(f->directory, "vmlinux", "", 0);
	btf__free(base);
	return kernel_open(&opts, &f->k);
}

static int teardown(void **state)
{
	static const char *const names[] = { "veth", "zram", "junk", "vmlinux" };
	struct fixture *f = *state;
	char path[128];

	kernel_close(f->k);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		snprintf(path, sizeof(path), "%s/%s", f->directory, names[i]);
		unlink(path);
	}
	rmdir(f->directory);
	free(f);
	return 0;
}

static char *ask(struct kernel *k, const char *const *names, size_t n)
{
	const struct types_request rq = { .names = names, .n_names = n };
	struct types_reply reply = { 0 };
	char *header;

	assert_int_equal(kernel_types(k, &rq, &reply), 0);
	header = reply.header;
	reply.header = NULL;
	types_reply_free(&reply);
	return header;
}

#define ASK(k, ...) ask(k, (const char *const[]){ __VA_ARGS__ }, \
			sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

static void expect(char *header, const char *part)
{
	if (!strstr(header, part))
		fail_msg("'%s' is not in:\n%s", part, header);
}

static void types_of_a_module(void **state)
{
	struct fixture *f = *state;
	char *header = ASK(f->k, "struct veth_priv", "veth_priv", "owner", "ring", "mode", "n",
			   "pid");

	expect(header, "struct veth_priv {\n\tstruct task_struct *owner;\n"
	       "\tstruct veth_ring *ring;\n\tint mode;\n");
	expect(header, "typedef int veth_count_t;\n");
	expect(header, "struct veth_ring {\n\tint mode;\n\tveth_count_t n;\n");
	/* What its pointer leads to is the kernel's. */
	expect(header, "struct task_struct {\n");
	assert_int_equal(f->k->n_added, 1);
	free(header);
}

static void two_modules(void **state)
{
	struct fixture *f = *state;
	char *header = ASK(f->k, "struct zram", "table", "name", "handle", "a", "struct veth_ring",
			   "VETH_PAIR");

	expect(header, "struct zram {\n\tstruct zram_table *table;\n\tchar name[4];\n\tunion {\n"
	       "\t\tint a;\n\t};\n");
	expect(header, "struct zram_table {\n\tint handle;\n");
	expect(header, "struct veth_ring {\n");
	expect(header, "VETH_PAIR = 7,");
	assert_int_equal(f->k->n_added, 2);
	free(header);
	/* The second time they are there. */
	header = ASK(f->k, "struct zram", "struct veth_priv", "table", "mode");
	expect(header, "struct zram {\n");
	expect(header, "struct veth_priv {\n");
	assert_int_equal(f->k->n_added, 2);
	free(header);
}

static void typedefs(void **state)
{
	struct fixture *f = *state;
	char *header = ASK(f->k, "veth_count_t");

	expect(header, "typedef int veth_count_t;\n");
	free(header);
}

/* Nothing is opened for what the kernel has, what the text has, or a name like any other. */
static void only_when_missing(void **state)
{
	struct fixture *f = *state;
	const char *own[] = { "struct veth_ring" };
	const struct types_request rq = {
		.names = (const char *const[]){ "struct task_struct", "task_struct", "pid",
						"struct veth_ring", "veth_open", "zram",
						"struct tracepoint__a__b", "struct bpf_stacktrace",
						"u32", "size_t", "__uint128_t" },
		.n_names = 11,
		.own = own,
		.n_own = 1,
	};
	struct types_reply reply = { 0 };

	assert_int_equal(kernel_types(f->k, &rq, &reply), 0);
	assert_null(strstr(reply.header, "veth"));
	types_reply_free(&reply);
	assert_int_equal(f->k->n_added, 0);
}

static void functions(void **state)
{
	struct fixture *f = *state;

	assert_true(kernel_has_function(f->k, "vfs_read"));
	assert_int_equal(f->k->n_added, 0);
	assert_true(kernel_has_function(f->k, "veth_open"));
	assert_int_equal(kernel_function_args(f->k, "veth_open"), 2);
	assert_int_equal(f->k->n_added, 1);
	assert_false(kernel_has_function(f->k, "veth_clos"));
	assert_int_equal(kernel_function_args(f->k, "zram"), -ENOENT);
}

static void without_modules(void **state)
{
	const struct kernel_opts opts = { .btf_path = TEST_KERNEL };
	struct kernel *k;

	(void)state;
	assert_int_equal(kernel_open(&opts, &k), 0);
	assert_false(kernel_has_function(k, "veth_open"));
	kernel_close(k);
}

/* Every byte of a module's BTF replaced by nonsense: it may be refused, it may not crash. */
static void malformed(void **state)
{
	struct fixture *f = *state;
	const struct kernel_opts opts = { .btf_path = TEST_KERNEL, .modules_path = f->directory,
					  .tracefs_path = "/nonexistent" };
	const char *const names[] = { "struct veth_priv", "struct zram", "owner", "ring", "mode",
				      "table", "a", "veth_count_t" };
	const struct types_request rq = { .names = names, .n_names = 8 };
	static const unsigned char junk[] = { 0x00, 0x7f, 0xff };
	unsigned char good[1024];
	char path[128];
	size_t size;
	FILE *file;

	snprintf(path, sizeof(path), "%s/veth", f->directory);
	file = fopen(path, "r");
	size = fread(good, 1, sizeof(good), file);
	fclose(file);
	assert_true(size > 100 && size < sizeof(good));
	for (size_t i = 0; i < size * 3; i++) {
		struct types_reply reply = { 0 };
		unsigned char was = good[i / 3];
		struct kernel *k;

		good[i / 3] = junk[i % 3];
		write_bytes(f->directory, "veth", good, size);
		good[i / 3] = was;
		assert_int_equal(kernel_open(&opts, &k), 0);
		if (kernel_types(k, &rq, &reply) == 0)
			types_reply_free(&reply);
		kernel_function_args(k, "veth_open");
		kernel_close(k);
	}
	for (size_t n = 0; n < size; n++) {
		struct kernel *k;

		write_bytes(f->directory, "veth", good, n);
		assert_int_equal(kernel_open(&opts, &k), 0);
		assert_false(kernel_has_function(k, "veth_open"));
		kernel_close(k);
	}
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(types_of_a_module), TEST(two_modules),	TEST(typedefs),
		TEST(only_when_missing), TEST(functions),	TEST(without_modules),
		TEST(malformed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
