/*
 * The maps of a module: what cannot be created is named with its reason, maps inside of maps and
 * tail calls work across programs that are loaded one by one, and junk is no object.
 */
#include "runtime.h"

#include <errno.h>

#include <bpf/bpf.h>

static struct bcc_context *ctx;
static int descriptors;

static int setup(void **state)
{
	(void)state;
	descriptors = bpf_descriptors();
	return bcc_context_create(NULL, &ctx);
}

static int teardown(void **state)
{
	(void)state;
	bcc_context_destroy(ctx);
	assert_int_equal(bpf_descriptors(), descriptors);
	return 0;
}

/* Makes the module of a prepared object that must fail, and returns the diagnostic. */
static const struct bcc_diag *refused(const char *name, int expected, int or_else)
{
	struct module_source src = { .name = name, .text = "" };
	struct bcc_module *mod = NULL;
	char path[512], *object;
	int err;

	snprintf(path, sizeof(path), "%s/%s.bpf.o", TEST_BINARY_DATA, name);
	object = read_all(path, &src.object_size);
	src.object = object;
	err = module_from_object(ctx, &src, &mod);
	free(object);
	check(ctx, err == or_else ? expected : err, expected);
	assert_null(mod);
	assert_int_equal(bcc_diag_count(ctx), 1);
	return bcc_diag_get(ctx, 0);
}

static void too_big(void **state)
{
	const struct bcc_diag *diag = refused("hugemap", -E2BIG, -ENOMEM);

	(void)state;
	assert_non_null(strstr(bcc_diag_message(diag),
			       "cannot create map 'huge' (array, key 4 bytes, value 1048576 bytes, "
			       "4294967295 entries, flags 0x0): E"));
	assert_non_null(strstr(bcc_diag_hint(diag), "give it fewer entries"));
}

static void odd_sizes(void **state)
{
	const struct bcc_diag *diag = refused("oddstack", -EINVAL, -EINVAL);

	(void)state;
	assert_non_null(strstr(bcc_diag_message(diag), "map 'stacks' (stack_trace"));
	assert_non_null(strstr(bcc_diag_hint(diag), "array of u64"));
}

static void maps_in_maps(void **state)
{
	struct bcc_module *mod = prepared_module(ctx, "tailcall");
	struct bcc_program *jump = bcc_module_program(mod, "jump");
	struct bcc_program *target = bcc_module_program(mod, "target");
	uint32_t slot = 2, zero = 0;
	uint64_t value = 0;
	LIBBPF_OPTS(bpf_test_run_opts, run);
	int fd;

	(void)state;
	check(ctx, bcc_program_load(jump), 0);
	check(ctx, bcc_program_load(target), 0);
	fd = bcc_program_fd(target);
	assert_int_equal(bpf_map_update_elem(bcc_table_fd(bcc_module_table(mod, "programs")), &slot,
					     &fd, BPF_ANY), 0);
	assert_int_equal(bpf_prog_test_run_opts(bcc_program_fd(jump), &run), 0);
	assert_int_equal(bcc_table_get(bcc_module_table(mod, "one"), &zero, &value), 0);
	assert_int_equal(value, 42);
}

static void junk(void **state)
{
	static const char *const rows[] = { "", "\x7f", "\x7f" "ELF", "int main(void);" };

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct module_source src = {
			.name = "junk.c",
			.text = "",
			.object = rows[i],
			.object_size = strlen(rows[i]),
		};
		struct bcc_module *mod = NULL;

		diag_clear(ctx);
		assert_true(module_from_object(ctx, &src, &mod) < 0);
		assert_null(mod);
		assert_int_equal(bcc_diag_count(ctx), 1);
	}
}

static void files(void **state)
{
	struct bcc_module *mod = NULL;

	(void)state;
	check(ctx, bcc_module_create_from_file(ctx, "/nonexistent.c", NULL, &mod), -ENOENT);
	assert_non_null(strstr(bcc_diag_message(bcc_diag_get(ctx, 0)), "/nonexistent.c"));
	check(ctx, bcc_module_create_from_file(ctx, "/", NULL, &mod), -EISDIR);
	check(ctx, bcc_module_create_from_file(ctx, "/proc/self/auxv", NULL, &mod), -EINVAL);
	check(ctx, bcc_module_create_from_file(ctx, "/dev/zero", NULL, &mod), -EFBIG);
	assert_int_equal(bcc_module_create(ctx, NULL, NULL, &mod), -EINVAL);
	assert_int_equal(bcc_module_create(NULL, "", NULL, &mod), -EINVAL);
	assert_null(mod);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(too_big), TEST(odd_sizes), TEST(maps_in_maps), TEST(junk), TEST(files),
	};

	need_bpf();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
