/*
 * Tracing hooks of many places and rare kinds: globs, breakpoints, counters, writable raw tracepoints,
 * programs in place of functions, security hooks, kprobes with options. What this machine lacks is
 * skipped by name; stock kernels have all but hardware counters.
 */
#include "in_context.h"

#include <bcc/bcc.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <bpf/bpf.h>

static const char text[] =
	"BPF_HASH(counts, u32, u64);\n"
	"static int count(u32 key)\n"
	"{\n"
	"	if (bpf_get_current_pid_tgid() >> 32 == TARGET)\n"
	"		counts.increment(key);\n"
	"	return 0;\n"
	"}\n"
	"int on_any(void *ctx) { return count(1); }\n"
	"int on_return(struct pt_regs *ctx) { return count(PT_REGS_RC(ctx) == GROUP ? 2 : 3); }\n"
	"int on_sample(struct bpf_perf_event_data *ctx) { return count(4); }\n"
	"int on_probe(struct pt_regs *ctx) { return count(5); }\n";

static struct bcc_module *mod;

static struct bcc_module *make_for_me(const char *source)
{
	char target[32], group[32];
	const char *const cflags[] = { target, group, NULL };
	BCC_OPTS(bcc_module_opts, mod_opts, .cflags = cflags);
	struct bcc_module *made = NULL;

	snprintf(target, sizeof(target), "-DTARGET=%d", getpid());
	snprintf(group, sizeof(group), "-DGROUP=%d", getpgid(0));
	check(ctx, bcc_module_create(ctx, source, &mod_opts, &made), 0);
	return made;
}

static int setup(void **state)
{
	assert_int_equal(setup_context(state), 0);
	mod = make_for_me(text);
	return 0;
}

static uint64_t get(uint32_t key)
{
	uint64_t value = 0;

	return bcc_table_get(bcc_module_table(mod, "counts"), &key, &value) ? 0 : value;
}

static int try(const char *program, const char *hook, struct bcc_link **out)
{
	return bcc_program_attach(bcc_module_program(mod, program), hook, NULL, out);
}

static struct bcc_link *attach(const char *program, const char *hook)
{
	struct bcc_link *link = NULL;

	check(ctx, try(program, hook, &link), 0);
	return link;
}

static const char *why(struct bcc_link *link)
{
	static char text[200];
	BCC_OPTS(bcc_link_info, info);

	assert_int_equal(bcc_link_describe(link, &info), 0);
	snprintf(text, sizeof(text), "%s", info.why);
	return text;
}

static void expect(const char *said, const char *part)
{
	if (!said || !strstr(said, part))
		fail_msg("'%s' is not in '%s'", part, said ? said : "(nothing)");
}

static const char *message(void)
{
	return bcc_diag_message(bcc_diag_get(ctx, 0));
}

static bool has_kprobes(void)
{
	struct kernel *k;

	assert_int_equal(context_kernel(ctx, &k), 0);
	return kernel_has_kprobes(k);
}

static void need_kprobes(void)
{
	if (has_kprobes())
		return;
	print_message("skipped: this kernel has no kprobes\n");
	skip();
}

/* Two calls that both fall under the pattern, each counted once; after the end none. */
static void calls_counted(struct bcc_link *link, uint32_t key)
{
	uint64_t before = get(key);

	getpgid(0);
	getsid(0);
	assert_int_equal(get(key) - before, 2);
	bcc_link_destroy(link);
	getpgid(0);
	assert_int_equal(get(key) - before, 2);
}

static void tracepoint_globs(void **state)
{
	struct bcc_link *link;

	(void)state;
	check(ctx, try("on_any", "tracepoint:syscalls:sys_enter_getno*", NULL), BCC_ERR_NO_HOOK);
	expect(message(), "no tracepoint that can be probed matches");
	link = attach("on_any", "tracepoint:syscalls:sys_enter_gets?d");
	expect(why(link), "1 tracepoints");
	bcc_link_destroy(link);
	link = attach("on_any", "tracepoint:syscalls:sys_enter_get*id");
	expect(why(link), "one by one");
	calls_counted(link, 1);
}

/* Too few descriptors: an error that says so, and nothing left. */
static void glob_out_of_descriptors(void **state)
{
	struct rlimit before, few;
	int err, held = bpf_descriptors();

	(void)state;
	attach("on_any", "tracepoint:syscalls:sys_enter_getsid"); /* loads the program */
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	few = before;
	few.rlim_cur = 40;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
	err = try("on_any", "tracepoint:syscalls:sys_enter_*", NULL);
	setrlimit(RLIMIT_NOFILE, &before);
	check(ctx, err, -EMFILE);
	expect(bcc_diag_hint(bcc_diag_get(ctx, 0)), "ulimit -n");
	assert_true(bpf_descriptors() <= held + 3);
}

static void uprobe_globs(void **state)
{
	struct bcc_link *link;

	(void)state;
	link = attach("on_probe", "uprobe:c:get?gid");
	bcc_link_destroy(link);
	link = attach("on_probe", "uprobe:c:get*id");
	expect(why(link), strstr(bcc_link_mechanism(link), "multi") ? "functions in one link" :
	       "Linux before 6.6");
	calls_counted(link, 5);
	check(ctx, try("on_probe", "uprobe:c:no_such_*", NULL), BCC_ERR_NO_HOOK);
	link = attach("on_return", "uretprobe:c:getpg?d");
	getpgid(0);
	assert_int_equal(get(2), 1);
	bcc_link_destroy(link);
}

/* strlen() is chosen at run time; what is probed is the variant that this machine uses. */
static void chosen_function(void **state)
{
	static const char *volatile words[] = { "one", "three" };
	size_t (*volatile length)(const char *) = strlen;
	struct bcc_link *link = attach("on_probe", "uprobe:c:strlen");
	uint64_t before = get(5);

	(void)state;
	assert_int_equal(length(words[0]) + length(words[1]), 8);
	assert_true(get(5) >= before + 2);
	bcc_link_destroy(link);
}

static volatile uint64_t watched;

static void breakpoint(void **state)
{
	BCC_OPTS(bcc_attach_opts, opts, .pid = getpid());
	struct bcc_link *link = NULL;
	char hook[64];
	int err;

	(void)state;
	snprintf(hook, sizeof(hook), "perf:mem:%p:8:w", (void *)&watched);
	err = bcc_program_attach(bcc_module_program(mod, "on_sample"), hook, &opts, &link);
	if (err == BCC_ERR_KERNEL || err == -ENOSPC) {
		expect(message(), "cannot watch");
		print_message("skipped: no breakpoints: %s\n", message());
		skip();
	}
	check(ctx, err, 0);
	for (int i = 0; i < 10; i++)
		watched = i;
	if (!get(4)) {
		print_message("skipped: breakpoints of this machine never hit\n");
		skip();
	}
	assert_int_equal(get(4), 10);
	bcc_link_destroy(link);
	watched = 1;
	assert_int_equal(get(4), 10);
}

static void counters(void **state)
{
	static const char *const hooks[] = {
		"perf:cycles:freq=99", "perf:L1-dcache-load-misses:period=1000",
		"perf:r1a8:period=1000",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(hooks) / sizeof(*hooks); i++) {
		struct bcc_link *link = NULL;
		int err = try("on_sample", hooks[i], &link);

		if (err) {
			check(ctx, err, BCC_ERR_KERNEL);
			expect(message(), "this machine does not count");
		}
		bcc_link_destroy(link);
	}
	attach("on_sample", "perf:cycles:freq=99 | perf:cpu-clock:freq=99");
	check(ctx, try("on_sample", "perf:cycle:freq=99", NULL), BCC_ERR_NO_HOOK);
	expect(bcc_diag_hint(bcc_diag_get(ctx, 0)), "cycles");
	check(ctx, try("on_sample", "perf:L1-dcache:freq=99", NULL), BCC_ERR_NO_HOOK);
}

/* bpf_test_finish tells an error code, which the program may change; it goes off in a test run. */
static void writable(void **state)
{
	static const char source[] =
		"#include <errno.h>\n"
		"SEC(\"raw_tp.w/bpf_test_finish\")\n"
		"int on_finish(struct bpf_raw_tracepoint_args *ctx)\n"
		"{ int *err = (int *)ctx->args[0]; *err = -EBADMSG; return 0; }\n"
		"int victim(struct xdp_md *ctx) { return XDP_PASS; }\n"
		"int on_switch(struct bpf_raw_tracepoint_args *ctx) { return 0; }\n";
	struct bcc_module *both = make_for_me(source);
	struct bcc_program *victim = bcc_module_program(both, "victim");
	char packet[64] = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = packet, .data_size_in = sizeof(packet));
	struct bcc_link *link = NULL;

	(void)state;
	check(ctx, bcc_program_load(victim), 0);
	assert_int_equal(bpf_prog_test_run_opts(bcc_program_fd(victim), &run), 0);
	check(ctx, bcc_program_attach(bcc_module_program(both, "on_finish"),
				      "raw_tp_writable:bpf_test_finish", NULL, &link), 0);
	assert_int_equal(bpf_prog_test_run_opts(bcc_program_fd(victim), &run), -EBADMSG);
	bcc_link_destroy(link);
	assert_int_equal(bpf_prog_test_run_opts(bcc_program_fd(victim), &run), 0);
	check(ctx, bcc_program_attach(bcc_module_program(both, "on_finish"),
				      "raw_tp_writable:sched_switch", NULL, NULL), -EINVAL);
	expect(bcc_diag_hint(bcc_diag_get(ctx, 0)), "may be written");
	check(ctx, bcc_program_attach(bcc_module_program(both, "on_switch"),
				      "raw_tp_writable:sched_swich", NULL, NULL), BCC_ERR_NO_HOOK);
	bcc_module_destroy(both);
}

static void kprobe_glob(void **state)
{
	struct bcc_link *link = NULL;

	(void)state;
	if (!has_kprobes()) {
		check(ctx, try("on_probe", "kprobe:__x64_sys_get*", NULL), BCC_ERR_KERNEL);
		expect(message(), "a pattern");
	}
	need_kprobes();
	check(ctx, try("on_probe", "kprobe:no_such_*", NULL), BCC_ERR_NO_HOOK);
	link = attach("on_probe", "kprobe:__x64_sys_get?id");
	bcc_link_destroy(link);
	link = attach("on_probe", "kprobe:__x64_sys_get*id");
	print_message("%s: %s\n", bcc_link_mechanism(link), why(link));
	calls_counted(link, 5);
	link = attach("on_return", "kretprobe:__x64_sys_getpg?d");
	getpgid(0);
	assert_int_equal(get(2), 1);
	bcc_link_destroy(link);
}

/* Our events in tracefs's kprobe_events. */
static int events(void)
{
	FILE *f = fopen("/sys/kernel/tracing/kprobe_events", "re");
	char line[300];
	int n = 0;

	while (f && fgets(line, sizeof(line), f))
		n += strstr(line, ":bcc/bcc_") != NULL;
	if (f)
		fclose(f);
	return n;
}

static void maxactive(void **state)
{
	struct bcc_link *link;
	int before;

	(void)state;
	need_kprobes();
	before = events();
	link = attach("on_return", "kretprobe:__x64_sys_getpgid:maxactive=8");
	assert_string_equal(bcc_link_mechanism(link), "tracefs event");
	expect(why(link), "maxactive");
	assert_int_equal(events(), before + 1);
	getpgid(0);
	assert_int_equal(get(2), 1);
	assert_int_equal(bcc_link_pin(link, "/sys/fs/bpf/bcc_no"), BCC_ERR_KERNEL);
	assert_int_equal(bcc_link_detach(link), 0);
	assert_int_equal(events(), before);
	getpgid(0);
	assert_int_equal(get(2), 1);
	check(ctx, try("on_return", "kretprobe:no_such_fn:maxactive=8", NULL), BCC_ERR_NO_HOOK);
	assert_int_equal(events(), before);
}

/* What a killed process leaves in tracefs is removed by the next that makes a probe. */
static void swept(void **state)
{
	int before, ready[2];
	char byte = 1;
	pid_t child;

	(void)state;
	need_kprobes();
	before = events();
	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (!child) {
		byte = !!try("on_return", "kretprobe:__x64_sys_getpgid:maxactive=8", NULL);
		if (write(ready[1], &byte, 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(byte, 0);
	assert_int_equal(events(), before + 1);
	/* While it lives, its event is left alone. */
	bcc_link_destroy(attach("on_return", "kretprobe:__x64_sys_getsid:maxactive=8"));
	assert_int_equal(events(), before + 1);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_int_equal(events(), before + 1); /* the kernel does not do it */
	bcc_link_destroy(attach("on_return", "kretprobe:__x64_sys_getsid:maxactive=8"));
	assert_int_equal(events(), before);
	close(ready[0]);
	close(ready[1]);
}

static void old_syscall_name(void **state)
{
	struct bcc_link *link;

	(void)state;
	need_kprobes();
	link = attach("on_probe", "kprobe:sys_getpgid");
	expect(message(), "sys_getpgid is __x64_sys_getpgid");
	getpgid(0);
	assert_int_equal(get(5), 1);
	bcc_link_destroy(link);
}

static void not_to_be_probed(void **state)
{
	(void)state;
	need_kprobes();
	check(ctx, try("on_probe", "kprobe:get_kprobe", NULL), BCC_ERR_KERNEL);
	expect(message(), "get_kprobe");
	check(ctx, try("on_probe", "kprobe:vfs_read+1", NULL), -EILSEQ);
	expect(bcc_diag_hint(bcc_diag_get(ctx, 0)), "instruction");
}

/* A program on one of these kinds; false, having said so, where the kernel refuses the kind. */
static bool attached(struct bcc_module *with, const char *program, const char *hook,
		     const struct bcc_attach_opts *opts, struct bcc_link **out)
{
	int err = bcc_program_attach(bcc_module_program(with, program), hook, opts, out);

	if (err != BCC_ERR_KERNEL) {
		check(ctx, err, 0);
		return true;
	}
	print_message("skipped: %s\n", message());
	return false;
}

static void trampolines(void **state)
{
	static const char source[] =
		"#include <errno.h>\n"
		"BPF_HASH(counts, u32, u64);\n"
		"static int seen(u32 key)\n"
		"{\n"
		"	if (bpf_get_current_pid_tgid() >> 32 == TARGET)\n"
		"		counts.increment(key);\n"
		"	return 0;\n"
		"}\n"
		"KFUNC_PROBE(__x64_sys_getpgid) { return seen(1); }\n"
		"KMOD_RET(security_task_getpgid, struct task_struct *p, int ret)\n"
		"{ seen(2); return bpf_get_current_pid_tgid() >> 32 == TARGET ? -EPERM : 0; }\n"
		"LSM_PROBE(task_getpgid, struct task_struct *p)\n"
		"{ seen(3); return bpf_get_current_pid_tgid() >> 32 == TARGET ? -EACCES : 0; }\n";
	struct bcc_link *link = NULL;
	struct bcc_module *with;

	(void)state;
	with = make_for_me(source);
	mod = with;
	if (attached(with, "kfunc__vmlinux____x64_sys_getpgid", NULL, NULL, &link)) {
		assert_true(getpgid(getpid()) >= 0);
		assert_int_equal(get(1), 1);
		bcc_link_destroy(link);
	}
	if (attached(with, "kmod_ret__security_task_getpgid", NULL, NULL, &link)) {
		assert_string_equal(bcc_link_mechanism(link), "fmod_ret link");
		assert_int_equal(getpgid(getpid()), -1);
		assert_int_equal(errno, EPERM);
		assert_int_equal(get(2), 1);
		bcc_link_destroy(link);
		assert_true(getpgid(getpid()) >= 0);
	}
	if (attached(with, "lsm__task_getpgid", NULL, NULL, &link)) {
		assert_string_equal(bcc_link_mechanism(link), "lsm link");
		assert_int_equal(getpgid(getpid()), -1);
		assert_int_equal(errno, EACCES);
		assert_int_equal(get(3), 1);
		bcc_link_destroy(link);
		assert_true(getpgid(getpid()) >= 0);
	}
}

static void replaced(void **state)
{
	static const char source[] =
		"__attribute__((noinline)) int answer(struct xdp_md *ctx)\n"
		"{ volatile int n = 1; return n; }\n"
		"SEC(\"xdp\") int target(struct xdp_md *ctx) { return answer(ctx); }\n"
		"SEC(\"freplace/answer\") int other(struct xdp_md *ctx) { return 2; }\n";
	struct bcc_module *with = make_for_me(source);
	struct bcc_program *target = bcc_module_program(with, "target");
	BCC_OPTS(bcc_attach_opts, opts);
	char packet[64] = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = packet, .data_size_in = sizeof(packet));
	struct bcc_link *link = NULL;

	(void)state;
	check(ctx, bcc_program_load(target), 0);
	opts.target_fd = bcc_program_fd(target);
	check(ctx, bcc_program_attach(bcc_module_program(with, "other"), "freplace:fd:nosuch",
				      &opts, NULL), BCC_ERR_NO_HOOK);
	check(ctx, bcc_program_attach(bcc_module_program(with, "other"),
				      "freplace:4000000000:answer", NULL, NULL), BCC_ERR_NO_HOOK);
	if (!attached(with, "other", "freplace:fd:answer", &opts, &link))
		skip();
	assert_string_equal(bcc_link_mechanism(link), "freplace link");
	assert_int_equal(bpf_prog_test_run_opts(opts.target_fd, &run), 0);
	assert_int_equal(run.retval, 2);
	bcc_link_destroy(link);
	assert_int_equal(bpf_prog_test_run_opts(opts.target_fd, &run), 0);
	assert_int_equal(run.retval, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown_context)
	const struct CMUnitTest tests[] = {
		TEST(tracepoint_globs), TEST(glob_out_of_descriptors), TEST(uprobe_globs), TEST(chosen_function),
		TEST(breakpoint), TEST(counters), TEST(writable), TEST(kprobe_glob),
		TEST(maxactive), TEST(swept), TEST(old_syscall_name), TEST(not_to_be_probed),
		TEST(trampolines), TEST(replaced),
	};

	need_bpf();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
