/*
 * Programs for fentry and fexit where kprobes have to stand in for them: on functions that BTF does
 * not describe, and, because no kernel at hand is without trampolines, by calling that way itself.
 */
#include "runtime.h"

#include <bcc/bcc.h>
#include <errno.h>
#include <fcntl.h>

#include "attach/attach.h"
#include "attach/fentry.h"

static const char text[] =
	"#include <bpf/bpf_tracing.h>\n"
	"BPF_HASH(counts, u64, u64);\n"
	"static int seen(u64 key)\n"
	"{\n"
	"	if (bpf_get_current_pid_tgid() >> 32 == TARGET)\n"
	"		counts.increment(key);\n"
	"	return 0;\n"
	"}\n"
	"KFUNC_PROBE(security_file_open, struct file *file)\n"
	"{ return seen(file->f_inode->i_ino); }\n"
	"SEC(\"fentry/security_task_getpgid\") int BPF_PROG(entry, struct task_struct *p)\n"
	"{ return seen(p->tgid); }\n"
	"KRETFUNC_PROBE(__x64_sys_getpgid, struct pt_regs *regs, long ret)\n"
	"{ return seen(ret); }\n"
	"SEC(\"fexit/__x64_sys_getpgid\") int BPF_PROG(leave, struct pt_regs *regs, long ret)\n"
	"{ return seen(ret); }\n"
	"SEC(\"fexit/__x64_sys_getpgid\") int BPF_PROG(both, struct pt_regs *regs, long ret)\n"
	"{ return seen(regs->di + ret); }\n"
	"KFUNC_PROBE(__x64_sys_getppid) { return seen(7); }\n"
	"int probe(struct pt_regs *ctx) { return seen(8); }\n"
	"SEC(\"fentry.s/__x64_sys_getpgid\") int BPF_PROG(sleepy, struct pt_regs *regs)\n"
	"{ return seen(regs->di); }\n";

static struct bcc_context *ctx;
static struct bcc_module *mod;
static struct kernel *k;

static int setup(void **state)
{
	BCC_OPTS(bcc_context_opts, opts, .compiler_path = TEST_COMPILER);
	char target[32];
	const char *const cflags[] = { target, NULL };
	BCC_OPTS(bcc_module_opts, mod_opts, .cflags = cflags);

	(void)state;
	snprintf(target, sizeof(target), "-DTARGET=%d", getpid());
	assert_int_equal(bcc_context_create(&opts, &ctx), 0);
	assert_int_equal(context_kernel(ctx, &k), 0);
	check(ctx, bcc_module_create(ctx, text, &mod_opts, &mod), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	bcc_context_destroy(ctx);
	return 0;
}

/* What the test before has said, and counted. */
static int forget(void **state)
{
	(void)state;
	diag_clear(ctx);
	return bcc_table_clear(bcc_module_table(mod, "counts"));
}

static uint64_t get(uint64_t key)
{
	uint64_t value = 0;

	return bcc_table_get(bcc_module_table(mod, "counts"), &key, &value) ? 0 : value;
}

static struct bcc_program *program(const char *name)
{
	struct bcc_program *prog = bcc_module_program(mod, name);

	assert_non_null(prog);
	return prog;
}

/* The way that is taken after the kernel has said that it has no trampolines. */
static int force(const char *name, const char *hook, struct attachment *a)
{
	static const struct bcc_attach_opts opts = { .size = sizeof(opts) };
	struct load_spec spec = { 0 };
	struct program_load *load;
	struct hook h;
	int err;

	check(ctx, hook_parse(program(name), hook, strlen(hook), &opts, &h), 0);
	h.flag = true;
	err = h.kind->fallback(&h, &spec);
	if (!err) {
		assert_string_equal(spec.lead, "this kernel has no trampolines");
		err = program_load_as(h.prog, &spec, &load);
	}
	if (!err)
		err = h.kind->attach(&h, load, a);
	load_spec_free(&spec);
	hook_free(&h);
	return err;
}

static void need_kprobes(void)
{
	if (!kernel_has_kprobes(k))
		SKIP("this kernel has no kprobes");
}

static uint64_t open_something(void)
{
	struct stat st;
	int fd = open("/proc/self/comm", O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	assert_int_equal(fstat(fd, &st), 0);
	close(fd);
	return st.st_ino;
}

/* Each call is counted under the key that only the right argument gives. */
static void forced(const char *name, const char *hook, const char *why, uint64_t (*do_it)(void))
{
	struct attachment a = { 0 };
	uint64_t key, before;

	check(ctx, force(name, hook, &a), 0);
	assert_string_equal(a.mechanism, perf_mechanism());
	/* Before Linux 5.15 there is one more reason: no perf links. */
	assert_non_null(strstr(a.why, why));
	key = do_it();
	before = get(key);
	assert_true(before > 0);
	assert_int_equal(do_it(), key);
	assert_int_equal(get(key) - before, 1);
	attachment_destroy(&a);
	do_it();
	assert_int_equal(get(key) - before, 1);
}

static uint64_t ask_group(void)
{
	return (uint64_t)getpgid(0);
}

/* The argument is this process, the result its group. */
static uint64_t ask_own_group(void)
{
	getpgid(getpid());
	return (uint64_t)getpid();
}

static void entries(void **state)
{
	static const char why[] = "kprobe: this kernel has no trampolines";

	(void)state;
	need_kprobes();
	forced("kfunc__vmlinux__security_file_open", "fentry:security_file_open", why,
	       open_something);
	forced("entry", "fentry:security_task_getpgid", why, ask_own_group);
}

static void returns(void **state)
{
	static const char why[] = "kretprobe: this kernel has no trampolines";

	(void)state;
	need_kprobes();
	forced("kretfunc__vmlinux____x64_sys_getpgid", "fexit:__x64_sys_getpgid", why, ask_group);
	forced("leave", "fexit:__x64_sys_getpgid", why, ask_group);
}

static void arguments_at_the_return(void **state)
{
	const struct bcc_diag *diag;
	struct attachment a = { 0 };

	(void)state;
	need_kprobes();
	check(ctx, force("both", "fexit:__x64_sys_getpgid", &a), BCC_ERR_COMPILE);
	diag = bcc_diag_get(ctx, 0);
	assert_non_null(strstr(bcc_diag_message(diag), "uses argument 1 at the return"));
	assert_non_null(strstr(bcc_diag_hint(diag), "a table by thread"));
	assert_non_null(strstr(bcc_diag_message(bcc_diag_get(ctx, 1)), "no trampolines, so program"));
}

static void what_may_sleep(void **state)
{
	struct attachment a = { 0 };

	(void)state;
	check(ctx, force("sleepy", "fentry:__x64_sys_getpgid", &a), -EOPNOTSUPP);
	assert_int_equal(bcc_diag_count(ctx), 0);
}

/* Loading needs no kprobes: what is compiled for them is verified on any kernel. */
static void loads(void **state)
{
	static const struct {
		const char *name, *target;
	} rows[] = {
		{ "kfunc__vmlinux__security_file_open", "kprobe:security_file_open" },
		{ "entry", "kprobe:security_task_getpgid" },
		{ "kretfunc__vmlinux____x64_sys_getpgid", "kretprobe:__x64_sys_getpgid:1" },
		{ "leave", "kretprobe:__x64_sys_getpgid:1" },
		{ "both", "kprobe:__x64_sys_getpgid" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct load_spec spec = { .type = BPF_PROG_TYPE_KPROBE };
		struct program_load *load;

		assert_true(asprintf(&spec.retarget, "%s=%s", rows[i].name, rows[i].target) > 0);
		check(ctx, program_load_as(program(rows[i].name), &spec, &load), 0);
		assert_int_equal(load->type, BPF_PROG_TYPE_KPROBE);
		load_spec_free(&spec);
	}
}

/* BTF leaves out the functions of system calls without arguments, on most kernels. */
static void not_in_btf(void **state)
{
	BCC_OPTS(bcc_link_info, info);
	struct bcc_link *link;
	int err;

	(void)state;
	err = bcc_program_attach(program("kfunc__vmlinux____x64_sys_getppid"), NULL, NULL, &link);
	if (!kernel_has_kprobes(k)) {
		/* What was said of the program as it is written stands, and nothing else. */
		check(ctx, err, kernel_has_function(k, "__x64_sys_getppid") ? BCC_ERR_KERNEL :
									      BCC_ERR_NO_HOOK);
		assert_int_equal(bcc_diag_count(ctx), 1);
		return;
	}
	check(ctx, err, 0);
	assert_int_equal(bcc_diag_count(ctx), 0);
	assert_int_equal(bcc_link_describe(link, &info), 0);
	if (kernel_has_function(k, "__x64_sys_getppid")) {
		assert_string_equal(info.mechanism, "fentry link");
	} else {
		assert_string_equal(info.mechanism, perf_mechanism());
		assert_non_null(strstr(
			info.why, "kprobe: the kernel's BTF does not describe this function"));
	}
	getppid();
	assert_int_equal(get(7), 1);
	bcc_link_destroy(link);
	getppid();
	assert_int_equal(get(7), 1);
}

/* A function that is nowhere is missing, not refused; a kprobe's program is taken as it is. */
static void others(void **state)
{
	struct attachment a = { 0 };

	(void)state;
	check(ctx, bcc_program_attach(program("entry"), "fentry:security_task_getpgit", NULL, NULL),
	      BCC_ERR_NO_HOOK);
	assert_int_equal(bcc_diag_count(ctx), 1);
	need_kprobes();
	check(ctx, force("probe", "fentry:__x64_sys_getpgid", &a), 0);
	getpgid(0);
	assert_int_equal(get(8), 1);
	attachment_destroy(&a);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup(name, forget)
	const struct CMUnitTest tests[] = {
		TEST(entries), TEST(returns), TEST(arguments_at_the_return), TEST(what_may_sleep),
		TEST(loads),   TEST(not_in_btf), TEST(others),
	};

	need_bpf();
	assert_int_equal(bcc_context_create(NULL, &ctx), 0);
	if (!context_kernel(ctx, &k) && !kernel_has_function(k, "__x64_sys_getpgid")) {
		printf("skipped: the test knows the system calls of x86-64 only\n");
		return 77;
	}
	bcc_context_destroy(ctx);
	return cmocka_run_group_tests(tests, setup, teardown);
}
