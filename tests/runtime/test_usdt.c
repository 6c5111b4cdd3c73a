/*
 * User probes: a program of ours is started, and what the BPF program reads of its probes'
 * arguments must be exactly what it passed, wherever the compiler kept them.
 */
#include "runtime.h"

#include <bcc/bcc.h>

#include "attach/hook.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/wait.h>

struct fixture {
	struct bcc_context *ctx;
	struct bcc_module *mod;
	int descriptors;
	int pid, to, from; /* of the program that is traced */
};

/* One program per probe; what it read goes into values, by number. */
static const char text[] =
	"BPF_ARRAY(values, s64, 64);\n"
	"BPF_HASH(calls, u32);\n"
	"struct words { char path[16]; s64 numbers[4]; };\n"
	"BPF_ARRAY(words, struct words, 1);\n"
	"static void put(int at, s64 value) { values.update(&at, &value); }\n"
	"#define READ(n, type, at) ({ type x_ = 0; \\\n"
	"	put(at + 32, bpf_usdt_readarg(n, ctx, &x_)); put(at, x_); })\n"
	"int narrow(struct pt_regs *ctx)\n"
	"{\n"
	"	READ(1, s8, 0); READ(2, u8, 1); READ(3, s16, 2); READ(4, u16, 3);\n"
	"	READ(1, s64, 4); READ(2, s64, 5); READ(3, s32, 6); READ(4, u64, 7);\n"
	"	return 0;\n"
	"}\n"
	"int wide(struct pt_regs *ctx)\n"
	"{\n"
	"	READ(1, s32, 0); READ(2, u32, 1); READ(3, s64, 2); READ(4, u64, 3);\n"
	"	READ(1, s64, 4); READ(3, s32, 5); READ(5, u64, 6);\n"
	"	return 0;\n"
	"}\n"
	"int three(struct pt_regs *ctx)\n"
	"{\n"
	"	READ(1, s64, 0); READ(2, s64, 1); READ(3, s64, 2);\n"
	"	return 0;\n"
	"}\n"
	"int sum(struct pt_regs *ctx)\n"
	"{\n"
	"	s64 n, *old; int zero = 0; u32 one = 1;\n"
	"	bpf_usdt_readarg(1, ctx, &n);\n"
	"	calls.increment(one);\n"
	"	old = values.lookup(&zero);\n"
	"	if (old) *old += n;\n"
	"	return 0;\n"
	"}\n"
	"int strings(struct pt_regs *ctx)\n"
	"{\n"
	"	struct words w = {}; const char *path; int zero = 0; const s64 *numbers;\n"
	"	bpf_usdt_readarg(1, ctx, &path);\n"
	"	bpf_usdt_readarg(2, ctx, &numbers);\n"
	"	bpf_probe_read_user_str(w.path, sizeof(w.path), path);\n"
	"	put(0, bpf_usdt_readarg_p(2, ctx, w.numbers, sizeof(w.numbers)));\n"
	"	put(1, numbers[3]);\n"
	"	words.update(&zero, &w);\n"
	"	return 0;\n"
	"}\n"
	"int many(struct pt_regs *ctx)\n"
	"{\n"
	"	READ(1, s32, 0); READ(6, s32, 1); READ(12, s32, 2);\n"
	"	return 0;\n"
	"}\n"
	"int count(struct pt_regs *ctx) { u32 two = 2; calls.increment(two); return 0; }\n";

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	BCC_OPTS(bcc_context_opts, opts, .compiler_path = TEST_COMPILER);
	BCC_OPTS(bcc_module_opts, mod, .name = "usdt.c");

	*state = f;
	f->descriptors = bpf_descriptors();
	assert_int_equal(bcc_context_create(&opts, &f->ctx), 0);
	check(f->ctx, bcc_module_create(f->ctx, text, &mod, &f->mod), 0);
	return 0;
}

static void stop(struct fixture *f)
{
	if (!f->pid)
		return;
	close(f->to);
	close(f->from);
	assert_int_equal(waitpid(f->pid, NULL, 0), f->pid);
	f->pid = 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	stop(f);
	bcc_context_destroy(f->ctx);
	assert_int_equal(bpf_descriptors(), f->descriptors);
	free(f);
	return 0;
}

/* Returns when the program runs: a pipe that exec() closes says so. */
static void start(struct fixture *f, const char *name)
{
	int to[2], from[2], gone[2];
	char byte;

	assert_int_equal(pipe2(gone, O_CLOEXEC), 0);
	assert_int_equal(pipe2(to, O_CLOEXEC), 0);
	assert_int_equal(pipe2(from, O_CLOEXEC), 0);
	f->pid = fork();
	if (!f->pid) {
		char path[512];

		snprintf(path, sizeof(path), "%s/%s", TEST_USDT, name);
		dup2(to[0], 0);
		dup2(from[1], 1);
		execl(path, path, (char *)NULL);
		_exit(127);
	}
	close(to[0]);
	close(from[1]);
	close(gone[1]);
	assert_int_equal(read(gone[0], &byte, 1), 0);
	close(gone[0]);
	f->to = to[1];
	f->from = from[0];
}

/* Fires all probes of the program once; returns what its semaphore was. */
static int fire(struct fixture *f)
{
	char byte = 0;

	assert_int_equal(write(f->to, &byte, 1), 1);
	assert_int_equal(read(f->from, &byte, 1), 1);
	return byte;
}

static int try(struct fixture *f, const char *program, const char *hook, int pid,
	       struct bcc_link **link)
{
	BCC_OPTS(bcc_attach_opts, opts, .pid = pid);

	return bcc_program_attach(bcc_module_program(f->mod, program), hook, &opts, link);
}

/* Without attach cookies (before 5.15) arguments can be read in one process at a time. */
static void attached(struct fixture *f, int err, int pid)
{
	const struct bcc_diag *last;

	if (pid || kernel_is_at_least(5, 15)) {
		check(f->ctx, err, 0);
		return;
	}
	check(f->ctx, err, BCC_ERR_KERNEL);
	last = bcc_diag_get(f->ctx, bcc_diag_count(f->ctx) - 1);
	assert_non_null(strstr(bcc_diag_message(last), "in one process at a time"));
	assert_non_null(strstr(bcc_diag_hint(last), "name the process"));
	SKIP("the arguments of user probes of all processes need Linux 5.15");
}

/* Attaches to usdt:FILE:probe, FILE being one of ours. */
static struct bcc_link *attach(struct fixture *f, const char *program, const char *file,
			       const char *probe, int pid)
{
	struct bcc_link *link = NULL;
	char hook[512];

	snprintf(hook, sizeof(hook), "usdt:%s/%s:%s", TEST_USDT, file, probe);
	attached(f, try(f, program, hook, pid, &link), pid);
	return link;
}

static int64_t value(struct fixture *f, int at)
{
	int64_t n = 0;

	assert_int_equal(bcc_table_get(bcc_module_table(f->mod, "values"), &at, &n), 0);
	return n;
}

static uint64_t calls(struct fixture *f, uint32_t key)
{
	uint64_t n = 0;

	if (bcc_table_get(bcc_module_table(f->mod, "calls"), &key, &n))
		return 0;
	return n;
}

static void expect(struct fixture *f, const int64_t *values, int n)
{
	for (int i = 0; i < n; i++) {
		if (value(f, i) != values[i])
			print_error("value %d: %lld\n", i, (long long)value(f, i));
		assert_int_equal(value(f, i), values[i]);
		assert_int_equal(value(f, i + 32), 0);
	}
}

static const char *const builds[] = { "usdt_pie", "usdt_fixed", "usdt_stripped" };
#define N_BUILDS (sizeof(builds) / sizeof(*builds))

static void test_integers_of_all_widths(void **state)
{
	static const int64_t narrow[] = { -5, 250, -300, 60000, -5, 250, -300, 60000 };
	static const int64_t wide[] = { -70000, 4000000000, -5000000000, -2, -70000,
					(int32_t)-5000000000 };
	struct fixture *f = *state;

	for (size_t i = 0; i < N_BUILDS; i++) {
		struct bcc_link *link;

		start(f, builds[i]);
		link = attach(f, "narrow", builds[i], "demo:narrow", f->pid);
		fire(f);
		expect(f, narrow, 8);
		bcc_link_destroy(link);
		link = attach(f, "wide", builds[i], "wide", f->pid);
		fire(f);
		expect(f, wide, 6);
		assert_int_equal(value(f, 6), 0); /* there is no fifth argument */
		assert_int_equal(value(f, 6 + 32), -ENOENT);
		bcc_link_destroy(link);
		stop(f);
	}
}

static void test_constants_and_memory(void **state)
{
	static const int64_t constants[] = { -9, 42, -(1L << 40) };
	static const int64_t memory[] = { -77, 254, -12345 };
	struct fixture *f = *state;

	for (size_t i = 0; i < 2; i++) {
		struct bcc_link *link;

		start(f, builds[i]);
		link = attach(f, "three", builds[i], "demo:constants", f->pid);
		fire(f);
		expect(f, constants, 3);
		bcc_link_destroy(link);
		link = attach(f, "three", builds[i], "demo:memory", f->pid);
		assert_int_equal(bcc_diag_count(f->ctx), 0);
		fire(f);
		expect(f, memory, 3);
		bcc_link_destroy(link);
		stop(f);
	}
}

#if defined(__x86_64__)
/* A variable's address is found by its name, which a stripped binary does not have. */
static void test_what_cannot_be_read(void **state)
{
	struct fixture *f = *state;
	struct bcc_link *link;

	start(f, "usdt_stripped");
	link = attach(f, "three", "usdt_stripped", "demo:memory", f->pid);
	assert_int_equal(bcc_diag_count(f->ctx), 1);
	assert_int_equal(bcc_diag_severity(bcc_diag_get(f->ctx, 0)), BCC_WARNING);
	assert_non_null(strstr(bcc_diag_message(bcc_diag_get(f->ctx, 0)),
			       "argument 3 of usdt:"));
	fire(f);
	assert_int_equal(value(f, 0), -77);
	assert_int_equal(value(f, 1), 254);
	assert_int_equal(value(f, 2), 0);
	assert_int_equal(value(f, 2 + 32), -EINVAL);
	bcc_link_destroy(link);

	link = attach(f, "three", "usdt_stripped", "demo:floating", f->pid);
	assert_non_null(strstr(bcc_diag_message(bcc_diag_get(f->ctx, 0)), "'8@%xmm0'"));
	fire(f);
	assert_int_equal(value(f, 32), -EINVAL);
	assert_int_equal(value(f, 1), -3);
	bcc_link_destroy(link);
}
#endif

static void test_strings_and_arrays(void **state)
{
	static const int64_t numbers[] = { 10, 20, 30, -40 };
	struct fixture *f = *state;
	struct {
		char path[16];
		int64_t numbers[4];
	} words = { 0 };
	int zero = 0;

	start(f, "usdt_pie");
	attach(f, "strings", "usdt_pie", "demo:strings", f->pid);
	fire(f);
	assert_int_equal(bcc_table_get(bcc_module_table(f->mod, "words"), &zero, &words), 0);
	assert_string_equal(words.path, "/some/path");
	assert_memory_equal(words.numbers, numbers, sizeof(numbers));
	assert_int_equal(value(f, 0), 0);
	assert_int_equal(value(f, 1), -40);
}

static void test_twelve_arguments(void **state)
{
	static const int64_t some[] = { 1, 6, 12 };
	struct fixture *f = *state;

	start(f, "usdt_pie");
	attach(f, "many", "usdt_pie", "demo:many", f->pid);
	fire(f);
	expect(f, some, 3);
}

/* Each site has its own places for the arguments; and two programs have different specs. */
static void test_several_sites(void **state)
{
	struct fixture *f = *state;
	struct bcc_link *link;

	start(f, "usdt_pie");
	link = attach(f, "sum", "usdt_pie", "demo:twice", f->pid);
	attach(f, "many", "usdt_pie", "demo:many", f->pid);
	fire(f);
	fire(f);
	assert_int_equal(calls(f, 1), 4);
	/* value 0 is what both write: the probe that comes last sets it to 1 */
	assert_int_equal(value(f, 0), 1);
	assert_int_equal(bcc_link_detach(link), 0);
	fire(f);
	assert_int_equal(calls(f, 1), 4);
	assert_int_equal(value(f, 1), 6);
	/* the numbers of the detached link's specs are used again */
	for (int i = 0; i < 130; i++)
		bcc_link_destroy(attach(f, "sum", "usdt_pie", "demo:twice", f->pid));
	attach(f, "sum", "usdt_pie", "demo:twice", f->pid);
	fire(f);
	assert_int_equal(calls(f, 1), 6);
	assert_non_null(strstr(bcc_link_mechanism(link),
			       kernel_is_at_least(5, 15) ? "link" : "perf event"));
}

static void test_semaphore(void **state)
{
	struct fixture *f = *state;
	struct bcc_link *link, *second;

	start(f, "usdt_pie");
	assert_int_equal(fire(f), 0);
	/* In all processes: no process is named. */
	link = attach(f, "sum", "usdt_pie", "demo:guarded", 0);
	assert_int_equal(fire(f), 1);
	assert_int_equal(calls(f, 1), 1);
	assert_int_equal(value(f, 0), 1);
	second = attach(f, "count", "usdt_pie", "demo:guarded", f->pid);
	/* The kernel counts once for a probe, not for each tracer. */
	assert_int_equal(fire(f), 1);
	assert_int_equal(calls(f, 1), 2);
	assert_int_equal(calls(f, 2), 1);
	bcc_link_destroy(link);
	assert_int_equal(fire(f), 1);
	bcc_link_destroy(second);
	assert_int_equal(fire(f), 0);
	assert_int_equal(calls(f, 1), 2);
	assert_int_equal(calls(f, 2), 2);
	stop(f);
	/* A process that starts while it is traced has it counted up at once. */
	link = attach(f, "sum", "usdt_pie", "demo:guarded", 0);
	start(f, "usdt_pie");
	assert_int_equal(fire(f), 1);
	assert_int_equal(calls(f, 1), 3);
	bcc_link_destroy(link);
}

/* What kernels before 6.6 do: a perf event for each site. */
static void test_without_multi_links(void **state)
{
	static const struct bcc_attach_opts opts = { .size = sizeof(opts) };
	struct fixture *f = *state;
	struct load_spec spec = { 0 };
	struct program_load *load;
	struct attachment a;
	struct hook h;
	char text[512];

	start(f, "usdt_pie");
	snprintf(text, sizeof(text), "usdt:%s/usdt_pie:demo:guarded", TEST_USDT);
	check(f->ctx, hook_parse(bcc_module_program(f->mod, "sum"), text, strlen(text), &opts, &h),
	      0);
	check(f->ctx, h.kind->fallback(&h, &spec), 0);
	check(f->ctx, program_load_as(h.prog, &spec, &load), 0);
	attached(f, h.kind->attach(&h, load, &a), 0);
	assert_string_equal(a.mechanism, perf_mechanism());
	assert_int_equal(fire(f), 1);
	assert_int_equal(fire(f), 1);
	assert_int_equal(calls(f, 1), 2);
	assert_int_equal(value(f, 0), 1);
	attachment_destroy(&a);
	assert_int_equal(fire(f), 0);
	assert_int_equal(calls(f, 1), 2);
	load_spec_free(&spec);
	hook_free(&h);
}

static void test_pid_filter(void **state)
{
	struct fixture *f = *state;
	struct fixture other = *f;

	start(f, "usdt_pie");
	start(&other, "usdt_pie");
	attach(f, "sum", "usdt_pie", "demo:guarded", f->pid);
	assert_int_equal(fire(&other), 0);
	assert_int_equal(fire(f), 1);
	fire(&other);
	assert_int_equal(calls(f, 1), 1);
	stop(&other);
}

static void test_library(void **state)
{
	static const int64_t wide[] = { -70000, 4000000000, -5000000000, -2 };
	struct fixture *f = *state;
	struct bcc_link *link;

	start(f, "usdt_host");
	fire(f); /* its libraries are mapped now */
	link = attach(f, "wide", "libusdt_library.so", "demo:wide", 0);
	fire(f);
	expect(f, wide, 4);
	bcc_link_destroy(link);
	attached(f, try(f, "sum", "usdt:demo:guarded", f->pid, &link), f->pid);
	assert_int_equal(fire(f), 1);
	assert_int_equal(calls(f, 1), 1);
	bcc_link_destroy(link);
	check(f->ctx, try(f, "count", "usdt:usdt_library:twin", f->pid, &link), -EINVAL);
	check(f->ctx, try(f, "count", "usdt:usdt_library:wide", f->pid, &link), 0);
	fire(f);
	assert_int_equal(calls(f, 2), 1);
}

static void test_providers(void **state)
{
	struct fixture *f = *state;

	start(f, "usdt_pie");
	attach(f, "sum", "usdt_pie", "other:twin", f->pid);
	fire(f);
	assert_int_equal(value(f, 0), 2);
}

/* A program written for libbpf names its probe in its section; arguments are its parameters. */
static void test_libbpf_style(void **state)
{
	static const char libbpf[] =
		"#include <bpf/usdt.bpf.h>\n"
		"BPF_ARRAY(values, s64, 64);\n"
		"SEC(\"usdt/\" TARGET \":demo:wide\")\n"
		"int BPF_USDT(on_wide, int a, unsigned b, long c)\n"
		"{\n"
		"	s64 v[] = { a, b, c, bpf_usdt_arg_cnt(ctx), bpf_usdt_cookie(ctx) };\n"
		"	for (int i = 0; i < 5; i++) { int at = i; values.update(&at, &v[i]); }\n"
		"	return 0;\n"
		"}\n";
	static const int64_t wide[] = { -70000, 4000000000, -5000000000, 4, 1234567890123 };
	const char *flags[] = { "-DTARGET=\"" TEST_USDT "/usdt_pie\"", NULL };
	BCC_OPTS(bcc_module_opts, opts, .name = "libbpf.c", .cflags = flags);
	BCC_OPTS(bcc_attach_opts, attach_opts, .cookie = 1234567890123);
	struct fixture *f = *state;
	struct bcc_program *prog;

	check(f->ctx, bcc_module_create(f->ctx, libbpf, &opts, &f->mod), 0);
	prog = bcc_module_next_program(f->mod, NULL);
	assert_string_equal(bcc_program_hook(prog), "usdt:" TEST_USDT "/usdt_pie:demo:wide");
	attached(f, bcc_program_attach(prog, NULL, &attach_opts, NULL), 0);
	start(f, "usdt_pie");
	fire(f);
	expect(f, wide, 5);
}

static void refused(struct fixture *f, const char *hook, int pid, int err, const char *message,
		    const char *hint)
{
	const struct bcc_diag *diag;
	struct bcc_link *link = NULL;
	char full[512];

	snprintf(full, sizeof(full), hook, TEST_USDT);
	check(f->ctx, try(f, "count", full, pid, &link), err);
	assert_null(link);
	assert_int_equal(bcc_diag_count(f->ctx), 1);
	diag = bcc_diag_get(f->ctx, 0);
	if (!strstr(bcc_diag_message(diag), message) ||
	    (hint && (!bcc_diag_hint(diag) || !strstr(bcc_diag_hint(diag), hint))))
		print_error("%s: %s\n", bcc_diag_message(diag), bcc_diag_hint(diag));
	assert_non_null(strstr(bcc_diag_message(diag), message));
	if (hint)
		assert_non_null(strstr(bcc_diag_hint(diag), hint));
}

static void test_errors(void **state)
{
	struct fixture *f = *state;

	refused(f, "usdt:%s/usdt_pie:demo:wid", 0, BCC_ERR_NO_HOOK, "has no probe 'demo:wid'",
		"demo:wide");
	refused(f, "usdt:%s/usdt_pie:guardd", 0, BCC_ERR_NO_HOOK, "has no probe 'guardd'",
		"guarded");
	refused(f, "usdt:%s/usdt_pie:twin", 0, -EINVAL, "the probe 'twin' of demo and of other",
		"name the provider");
	refused(f, "usdt:%s/usdt_bare:demo:wide", 0, BCC_ERR_NO_HOOK, "has no USDT probes at all",
		"stripped");
	refused(f, "usdt:%s/usdt_host:demo:wide", 0, BCC_ERR_NO_HOOK, "has no USDT probes at all",
		"built without");
	refused(f, "usdt:%s/none:demo:wide", 0, BCC_ERR_NO_HOOK, "no program or library", NULL);
	refused(f, "usdt:/proc/self/status:a:b", 0, BCC_ERR_NO_HOOK, "is no program or library",
		NULL);
	refused(f, "usdt:%s/usdt_pie", 0, -EINVAL, "usdt:BINARY:PROVIDER:NAME", NULL);
	refused(f, "usdt:%s/usdt_pie::wide", 0, -EINVAL, "malformed", NULL);
	refused(f, "usdt:relative/path:a:b", 0, -EINVAL, "malformed", NULL);
	refused(f, "usdt::a:b", 0, -EINVAL, "malformed", NULL);
	refused(f, "usdt:demo:wide", 0x7ffffff0, -ESRCH, "there is no process 2147483632", NULL);
	start(f, "usdt_pie");
	fire(f);
	refused(f, "usdt:demo:wid", f->pid, BCC_ERR_NO_HOOK, "has no probe 'demo:wid'",
		"demo:wide");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(test_##name, setup, teardown)
		TEST(integers_of_all_widths), TEST(constants_and_memory),
#if defined(__x86_64__)
		TEST(what_cannot_be_read),
#endif
		TEST(strings_and_arrays), TEST(twelve_arguments), TEST(several_sites),
		TEST(semaphore), TEST(without_multi_links), TEST(pid_filter),
		TEST(library), TEST(providers), TEST(libbpf_style), TEST(errors),
	};

	need_bpf();
	if (access("/sys/bus/event_source/devices/uprobe/type", R_OK)) {
		printf("skipped: this kernel has no uprobes\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
