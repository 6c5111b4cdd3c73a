/*
 * kprobe: on kernels that have kprobes, on kernels where fentry stands in for them, and on kernels
 * that allow neither, where the diagnostic has to say so and name what there is.
 */
#include "runtime.h"

static const char text[] =
	"BPF_HASH(counts, u32, u64);\n"
	"\n"
	"static int count(u32 key)\n"
	"{\n"
	"	if (bpf_get_current_pid_tgid() >> 32 == TARGET)\n"
	"		counts.increment(key);\n"
	"	return 0;\n"
	"}\n"
	"\n"
	"int kprobe____x64_sys_getpgid(struct pt_regs *ctx)\n"
	"{\n"
	"	return count(1);\n"
	"}\n"
	"\n"
	"int on_return(struct pt_regs *ctx)\n"
	"{\n"
	"	return count(PT_REGS_RC(ctx) == GROUP ? 2 : 3);\n"
	"}\n";

static struct bcc_context *ctx;
static struct bcc_module *mod;

static int setup(void **state)
{
	BCC_OPTS(bcc_context_opts, opts, .compiler_path = TEST_COMPILER);
	char target[32], group[32];
	const char *const cflags[] = { target, group, NULL };
	BCC_OPTS(bcc_module_opts, mod_opts, .cflags = cflags);

	(void)state;
	snprintf(target, sizeof(target), "-DTARGET=%d", getpid());
	snprintf(group, sizeof(group), "-DGROUP=%d", getpgid(0));
	assert_int_equal(bcc_context_create(&opts, &ctx), 0);
	check(ctx, bcc_module_create(ctx, text, &mod_opts, &mod), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	bcc_context_destroy(ctx);
	return 0;
}

static uint64_t get(uint32_t key)
{
	uint64_t value = 0;

	return bcc_table_get(bcc_module_table(mod, "counts"), &key, &value) ? 0 : value;
}

/* What a refusal has to say when neither kprobe nor fentry can be had. */
static void both_refused(int err)
{
	const struct bcc_diag *diag = bcc_diag_get(ctx, 0);

	check(ctx, err, BCC_ERR_KERNEL);
	assert_int_equal(bcc_diag_count(ctx), 1);
	assert_non_null(strstr(bcc_diag_message(diag), "no kprobes"));
	assert_non_null(strstr(bcc_diag_message(diag), "as fe"));
	assert_non_null(strstr(bcc_diag_hint(diag), "tracepoint:syscalls:sys_"));
}

static void attach(const char *program, const char *hook, uint32_t key)
{
	uint64_t before = get(key);
	struct bcc_link *link;
	struct kernel *k;
	int err;

	assert_int_equal(context_kernel(ctx, &k), 0);
	err = bcc_program_attach(bcc_module_program(mod, program), hook, NULL, &link);
	if (err && !kernel_has_kprobes(k)) {
		both_refused(err);
		return;
	}
	check(ctx, err, 0);
	for (int i = 0; i < 100; i++)
		getpgid(0);
	assert_int_equal(get(key) - before, 100);
	assert_string_equal(bcc_link_mechanism(link),
			    kernel_has_kprobes(k) ? perf_mechanism() :
			    key == 1		  ? "fentry link" : "fexit link");
	bcc_link_destroy(link);
	getpgid(0);
	assert_int_equal(get(key) - before, 100);
}

static void by_name(void **state)
{
	(void)state;
	attach("kprobe____x64_sys_getpgid", NULL, 1);
}

static void by_system_call(void **state)
{
	(void)state;
	attach("kprobe____x64_sys_getpgid", "ksyscall:getpgid", 1);
}

static void at_return(void **state)
{
	(void)state;
	attach("on_return", "kretprobe:__x64_sys_getpgid", 2);
	attach("on_return", "kretsyscall:getpgid", 2);
}

static void with_an_alternative(void **state)
{
	struct bcc_program *prog = bcc_module_program(mod, "kprobe____x64_sys_getpgid");

	(void)state;
	check(ctx, bcc_program_attach(prog, "kprobe:no_such_function_here | "
				      "kprobe:__x64_sys_getpgid | "
				      "tracepoint:syscalls:sys_enter_getpgid", NULL, NULL), 0);
	assert_int_equal(bcc_diag_count(ctx), 0);
	getpgid(0);
	assert_int_equal(get(1), 1);
}

static void unknown_function(void **state)
{
	(void)state;
	check(ctx, bcc_program_attach(bcc_module_program(mod, "on_return"), "kprobe:vfs_raed", NULL,
				      NULL), BCC_ERR_NO_HOOK);
	assert_non_null(strstr(bcc_diag_hint(bcc_diag_get(ctx, 0)), "vfs_read"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(by_name),		   TEST(by_system_call),   TEST(at_return),
		TEST(with_an_alternative), TEST(unknown_function),
	};
	struct kernel *k;

	need_bpf();
	assert_int_equal(bcc_context_create(NULL, &ctx), 0);
	if (!context_kernel(ctx, &k) && !kernel_has_function(k, "__x64_sys_getpgid")) {
		printf("skipped: the test knows the system calls of x86-64 only\n");
		return 77;
	}
	bcc_context_destroy(ctx);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
