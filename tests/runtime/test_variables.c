/*
 * Global variables: what this process and the programs write is what the other side reads;
 * constants have the value they were given when the module was made, and the verifier knows it.
 */
#include "in_context.h"

#include <bcc/bcc.h>
#include <errno.h>

#include <bpf/bpf.h>

static const char text[] =
	"struct pair { u32 a; u64 b; char name[8]; };\n"
	"int total = 5;\n"
	"static u64 hidden = 100;\n"
	"u8 flag;\n"
	"struct pair pair = { 1, 2, \"three\" };\n"
	"char label[8] = \"before\";\n"
	"const volatile int step = 7;\n"
	"const volatile char who[16] = \"nobody\";\n"
	"BPF_ARRAY(out, u64, 2);\n"
	"int raw_tracepoint__sys_enter(struct bpf_raw_tracepoint_args *ctx) {\n"
	"	total += step; hidden += 1; flag = 1; pair.b += pair.a; label[0] = 'B';\n"
	"	out.increment(0, hidden); out.increment(1, who[0]);\n"
	"	return 0;\n"
	"}\n"
	"int raw_tracepoint__sys_exit(struct bpf_raw_tracepoint_args *ctx)\n"
	"{ total *= 2; bpf_trace_printk(\"never %d\", step); return 0; }\n";

static struct bcc_module *make_with(const char *const *values)
{
	BCC_OPTS(bcc_module_opts, opts, .name = "vars.c", .values = values);
	struct bcc_module *mod = NULL;

	check(ctx, bcc_module_create(ctx, text, &opts, &mod), 0);
	return mod;
}

static void run(struct bcc_module *mod, const char *program)
{
	struct bcc_program *prog = bcc_module_program(mod, program);
	LIBBPF_OPTS(bpf_test_run_opts, opts);

	assert_non_null(prog);
	check(ctx, bcc_program_load(prog), 0);
	assert_int_equal(bpf_prog_test_run_opts(bcc_program_fd(prog), &opts), 0);
}

static struct bcc_variable *variable(struct bcc_module *mod, const char *name)
{
	struct bcc_variable *var = bcc_module_variable(mod, name);

	if (!var)
		fail_msg("there is no variable %s", name);
	assert_string_equal(bcc_variable_name(var), name);
	assert_ptr_equal(bcc_variable_module(var), mod);
	return var;
}

static void expect(struct bcc_module *mod, const char *name, const char *value)
{
	char *out = NULL;

	check(ctx, bcc_variable_get_text(variable(mod, name), &out), 0);
	assert_string_equal(out, value);
	bcc_free(out);
}

static const char *message(void)
{
	assert_int_equal(bcc_diag_count(ctx), 1);
	return bcc_diag_message(bcc_diag_get(ctx, 0));
}

static void both_sides(void **state)
{
	struct bcc_module *mod = make_with(NULL);
	int total = 0;

	(void)state;
	expect(mod, "total", "5");
	expect(mod, "hidden", "100");
	expect(mod, "flag", "0");
	expect(mod, "pair", "{a = 1, b = 2, name = \"three\"}");
	run(mod, "raw_tracepoint__sys_enter");
	expect(mod, "total", "12");
	expect(mod, "hidden", "101");
	expect(mod, "flag", "1");
	expect(mod, "label", "\"Before\"");
	expect(mod, "pair", "{a = 1, b = 3, name = \"three\"}");

	total = 1000;
	check(ctx, bcc_variable_set(variable(mod, "total"), &total, sizeof(total)), 0);
	check(ctx, bcc_variable_set_text(variable(mod, "hidden"), "0x10"), 0);
	check(ctx, bcc_variable_set_text(variable(mod, "pair"), "{a = 9, name = \"x\"}"), 0);
	run(mod, "raw_tracepoint__sys_enter");
	check(ctx, bcc_variable_get(variable(mod, "total"), &total, sizeof(total)), 0);
	assert_int_equal(total, 1007);
	expect(mod, "hidden", "17");
	expect(mod, "pair", "{a = 9, b = 9, name = \"x\"}");

	/* Every program of the module has the same variables. */
	run(mod, "raw_tracepoint__sys_exit");
	expect(mod, "total", "2014");
}

static void types(void **state)
{
	struct bcc_module *mod = make_with(NULL);
	struct bcc_variable *var = NULL;
	size_t n = 0;

	(void)state;
	assert_int_equal(bcc_type_kind(bcc_variable_type(variable(mod, "total"))), BCC_TYPE_INT);
	assert_int_equal(bcc_type_kind(bcc_variable_type(variable(mod, "pair"))), BCC_TYPE_STRUCT);
	assert_int_equal(bcc_type_size(bcc_variable_type(variable(mod, "label"))), 8);
	assert_string_equal(bcc_type_name(bcc_variable_type(variable(mod, "hidden"))), "u64");
	assert_false(bcc_variable_is_constant(variable(mod, "total")));
	assert_true(bcc_variable_is_constant(variable(mod, "step")));
	while ((var = bcc_module_next_variable(mod, var)))
		n++;
	assert_int_equal(n, 7);
	assert_null(bcc_module_variable(mod, "tota"));
	assert_null(bcc_module_variable(mod, "out"));
	assert_null(bcc_module_variable(mod, "LICENSE"));
	/* They are no tables. */
	assert_null(bcc_module_next_table(mod, bcc_module_table(mod, "out")));
}

static void constants(void **state)
{
	static const char *const values[] = { "step=-3", "who=\"root\"", "total=50",
					      "pair={a = 4}", NULL };
	struct bcc_module *mod = make_with(values);
	char *out = NULL;
	int step = 1;

	(void)state;
	expect(mod, "step", "-3");
	expect(mod, "who", "\"root\"");
	expect(mod, "total", "50");
	expect(mod, "pair", "{a = 4, b = 0, name = \"\"}");
	run(mod, "raw_tracepoint__sys_enter");
	expect(mod, "total", "47");
	check(ctx, bcc_table_get_text(bcc_module_table(mod, "out"), "1", &out), 0);
	assert_string_equal(out, "114"); /* 'r' */
	bcc_free(out);

	check(ctx, bcc_variable_set(variable(mod, "step"), &step, sizeof(step)), -EPERM);
	assert_string_equal(message(), "variable step is a constant: programs are verified with "
			    "its value");
	assert_non_null(strstr(bcc_diag_hint(bcc_diag_get(ctx, 0)), "bcc_module_opts.values"));
	check(ctx, bcc_variable_set_text(variable(mod, "who"), "\"x\""), -EPERM);
	expect(mod, "step", "-3");
}

/* A compiled object takes values as its text does. */
static void of_an_object(void **state)
{
	static const char *const values[] = { "step=-3", "total=50", NULL };
	BCC_OPTS(bcc_module_opts, opts, .values = values);
	struct bcc_module *mod;
	void *object;
	size_t size;

	(void)state;
	check(ctx, bcc_compile(ctx, text, NULL, BCC_TARGET_HERE, &object, &size), 0);
	check(ctx, bcc_module_create_from_object(ctx, object, size, &opts, &mod), 0);
	bcc_free(object);
	expect(mod, "step", "-3");
	run(mod, "raw_tracepoint__sys_enter");
	expect(mod, "total", "47");
}

/* The verifier takes the branch that the value leaves: the other one could not be loaded. */
static void constants_cut_code(void **state)
{
	static const char cut[] =
		"const volatile int old = 1;\n"
		"int raw_tracepoint__sys_enter(struct bpf_raw_tracepoint_args *ctx) {\n"
		"	if (old) { volatile char *p = 0; *p = 1; }\n"
		"	return 0; }\n";
	static const char *const values[] = { "old=0", NULL };
	BCC_OPTS(bcc_module_opts, opts, .values = values);
	struct bcc_module *mod = NULL;

	(void)state;
	check(ctx, bcc_module_create(ctx, cut, &opts, &mod), 0);
	run(mod, "raw_tracepoint__sys_enter");
	check(ctx, bcc_module_create(ctx, cut, NULL, &mod), 0);
	check(ctx, bcc_program_load(bcc_module_program(mod, "raw_tracepoint__sys_enter")),
	      BCC_ERR_VERIFIER);
}

static void refused(void **state)
{
	static const struct {
		const char *value, *message;
		int err;
	} rows[] = {
		{ "stepp=1", "vars.c has no variable 'stepp' to give a value to", -EINVAL },
		{ "step", "vars.c has no variable 'step' to give a value to", -EINVAL },
		{ "=1", "vars.c has no variable '' to give a value to", -EINVAL },
		{ "", "vars.c has no variable '' to give a value to", -EINVAL },
		{ "step=", "variable step: '' is no const volatile int", -EINVAL },
		{ "step=x", "variable step: 'x' is no const volatile int", -EINVAL },
		{ "flag=256", "variable flag: a number in '256' does not fit u8", -ERANGE },
		{ "who=\"12345678901234567\"", NULL, -EINVAL },
	};
	struct bcc_module *mod = NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *const values[] = { rows[i].value, NULL };
		BCC_OPTS(bcc_module_opts, opts, .name = "vars.c", .values = values);
		int err = bcc_module_create(ctx, text, &opts, &mod);

		if (err != rows[i].err && rows[i].message)
			print_message("%s\n", rows[i].value);
		assert_true(err == rows[i].err || (!rows[i].message && err == -ERANGE));
		assert_null(mod);
		if (rows[i].message)
			assert_string_equal(message(), rows[i].message);
		if (!i)
			assert_string_equal(bcc_diag_hint(bcc_diag_get(ctx, 0)), "there is step");
	}
}

static void wrong_use(void **state)
{
	struct bcc_module *mod = make_with(NULL);
	struct bcc_variable *total = variable(mod, "total");
	uint64_t wide = 0;
	char *out = NULL;

	(void)state;
	check(ctx, bcc_variable_get(total, &wide, sizeof(wide)), -EINVAL);
	assert_string_equal(message(), "variable total (int) has 4 bytes, not 8");
	check(ctx, bcc_variable_set(total, &wide, 0), -EINVAL);
	check(ctx, bcc_variable_set_text(total, "5x"), -EINVAL);
	assert_string_equal(message(), "variable total: '5x' is no int");
	check(ctx, bcc_variable_set_text(total, "3000000000"), -ERANGE);
	expect(mod, "total", "5");
	assert_int_equal(bcc_variable_get(NULL, &wide, 8), -EINVAL);
	assert_int_equal(bcc_variable_set(total, NULL, 4), -EINVAL);
	assert_int_equal(bcc_variable_get_text(NULL, &out), -EINVAL);
	assert_int_equal(bcc_variable_set_text(total, NULL), -EINVAL);
	assert_null(bcc_module_variable(NULL, "x"));
	assert_null(bcc_module_variable(mod, NULL));
	assert_string_equal(bcc_variable_name(NULL), "");
	assert_null(bcc_variable_type(NULL));
	assert_false(bcc_variable_is_constant(NULL));
}

/* What the compiler is told of the kernel, unless the user says otherwise or it is for any. */
static void facts_of_the_kernel(void **state)
{
	static const char asks[] =
		"int version = LINUX_VERSION_CODE, shift = PAGE_SHIFT, size = PAGE_SIZE;\n"
		"int raw_tracepoint__sys_enter(struct bpf_raw_tracepoint_args *ctx)\n"
		"{ return version + shift + size; }\n";
	static const char portable[] = "#ifdef LINUX_VERSION_CODE\n#error known\n#endif\n";
	const char *const flags[] = { "-DLINUX_VERSION_CODE=77", "-D", "PAGE_SHIFT=14", NULL };
	BCC_OPTS(bcc_module_opts, opts, .cflags = flags);
	struct bcc_module *mod = NULL;
	char number[32], *out = NULL;

	(void)state;
	check(ctx, bcc_module_create(ctx, asks, NULL, &mod), 0);
	snprintf(number, sizeof(number), "%u", kernel_version_code());
	expect(mod, "version", number);
	snprintf(number, sizeof(number), "%ld", sysconf(_SC_PAGESIZE));
	expect(mod, "size", number);
	check(ctx, bcc_module_create(ctx, asks, &opts, &mod), 0);
	assert_int_equal(bcc_diag_count(ctx), 0);
	expect(mod, "version", "77");
	expect(mod, "shift", "14");
	check(ctx, bcc_rewrite(ctx, portable, NULL, BCC_TARGET_PORTABLE, &out), 0);
	bcc_free(out);
	check(ctx, bcc_rewrite(ctx, portable, NULL, BCC_TARGET_HERE, &out), BCC_ERR_COMPILE);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_context, teardown_context)
	const struct CMUnitTest tests[] = {
		TEST(both_sides), TEST(types),   TEST(constants), TEST(constants_cut_code),
		TEST(of_an_object),
		TEST(refused),    TEST(wrong_use), TEST(facts_of_the_kernel),
	};

	need_bpf();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
