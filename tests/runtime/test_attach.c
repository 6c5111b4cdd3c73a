/*
 * Attaching for real: every kind of hook counts exactly what this process does, nothing is counted
 * after a detach, and nothing is left when the context is gone.
 */
#include "counting.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#define CALLS 1000

/* Attaches, counts, detaches, and sees that nothing more is counted. */
static void counts_exactly(struct fixture *f, const char *program, const char *hook, uint32_t key,
			   const char *mechanism)
{
	struct bcc_link *link = attach(f, program, hook);

	call(CALLS);
	assert_int_equal(get(f, key), CALLS);
	assert_string_equal(bcc_link_mechanism(link), mechanism);
	assert_string_equal(bcc_program_name(bcc_link_program(link)), program);
	if (hook)
		assert_string_equal(bcc_link_hook(link), hook);

	assert_int_equal(bcc_link_detach(link), 0);
	call(10);
	assert_int_equal(get(f, key), CALLS);
	assert_int_equal(bcc_link_detach(link), 0);

	bcc_link_destroy(link);
	link = attach(f, program, hook); /* the load of before is used again */
	call(5);
	assert_int_equal(get(f, key), CALLS + 5);
	bcc_link_destroy(link);
	call(5);
	assert_int_equal(get(f, key), CALLS + 5);
}

static void lists(void **state)
{
	static const char *const names[] = {
		"on_tracepoint", "on_raw_tp", "on_tp_btf", "on_perf", "on_uprobe", "on_uretprobe",
		"on_kprobe", "on_fentry",
	};
	struct fixture *f = *state;
	struct bcc_program *prog = NULL;
	size_t n = 0;

	while ((prog = bcc_module_next_program(f->mod, prog))) {
		assert_string_equal(bcc_program_name(prog), names[n++]);
		assert_ptr_equal(bcc_program_module(prog), f->mod);
	}
	assert_int_equal(n, 8);
	assert_null(bcc_module_program(f->mod, "count"));
	/* The library's own map and the data sections are not listed. */
	assert_ptr_equal(bcc_module_next_table(f->mod, NULL), f->counts);
	assert_null(bcc_module_next_table(f->mod, f->counts));
	assert_null(bcc_module_table(f->mod, "bcc_private"));
	assert_ptr_equal(bcc_module_context(f->mod), f->ctx);
}

static void tracepoint(void **state)
{
	counts_exactly(*state, "on_tracepoint", NULL, 0, perf_mechanism());
}

static void raw_tp(void **state)
{
	counts_exactly(*state, "on_raw_tp", "raw_tp:sys_enter", 1, "raw tracepoint link");
}

static void tp_btf(void **state)
{
	counts_exactly(*state, "on_tp_btf", NULL, 2, "tp_btf link");
}

static void uprobe(void **state)
{
	counts_exactly(*state, "on_uprobe", "uprobe:c:getppid", 4, perf_mechanism());
}

static void uretprobe(void **state)
{
	counts_exactly(*state, "on_uretprobe", "uretprobe:libc.so.6:getppid", 5, perf_mechanism());
}

/* A program may be attached as another type than its section says. */
static void another_type(void **state)
{
	counts_exactly(*state, "on_uprobe", "tracepoint:syscalls:sys_enter_getppid", 4,
		       perf_mechanism());
}

/* One program on two hooks at once, as two types. */
static void two_hooks(void **state)
{
	struct fixture *f = *state;

	attach(f, "on_uprobe", "uprobe:c:getppid");
	attach(f, "on_uprobe", "raw_tp:sys_exit | tracepoint:syscalls:sys_enter_getppid");
	attach(f, "on_uprobe", "tracepoint:syscalls:sys_enter_getppid");
	call(1);
	assert_true(get(f, 4) >= 3);
}

__attribute__((noinline)) int marked_function(int n)
{
	__asm__ volatile("");
	return n + 1;
}

static void own_binary(void **state)
{
	struct fixture *f = *state;
	BCC_OPTS(bcc_attach_opts, opts, .pid = getpid());
	char hook[400], path[300];
	ssize_t size = readlink("/proc/self/exe", path, sizeof(path) - 1);

	path[size] = '\0';
	snprintf(hook, sizeof(hook), "uprobe:%s:marked_function", path);
	check(f->ctx,
	      bcc_program_attach(bcc_module_program(f->mod, "on_uprobe"), hook, &opts, NULL), 0);
	for (int i = 0; i < 100; i++)
		marked_function(i);
	assert_int_equal(get(f, 4), 100);
}

static void uprobe_of_one_process(void **state)
{
	struct fixture *f = *state;
	BCC_OPTS(bcc_attach_opts, opts, .pid = getpid());
	struct bcc_program *prog = bcc_module_program(f->mod, "on_uprobe");
	struct bcc_link *link;
	pid_t child;

	check(f->ctx, bcc_program_attach(prog, "uprobe:c:getppid", &opts, &link), 0);
	call(10);
	assert_int_equal(get(f, 4), 10);
	bcc_link_destroy(link);

	child = fork();
	if (!child) {
		pause();
		_exit(0);
	}
	opts.pid = child;
	check(f->ctx, bcc_program_attach(prog, "uprobe:c:getppid", &opts, NULL), 0);
	call(10);
	assert_int_equal(get(f, 4), 10);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_int_equal(bcc_program_attach(prog, "uprobe:c:getppid", &opts, NULL), -ESRCH);
}

static double cpu_seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void spin(double seconds)
{
	double end = cpu_seconds() + seconds;

	while (cpu_seconds() < end)
		;
}

static void perf_of_all_cpus(void **state)
{
	struct fixture *f = *state;
	struct bcc_link *link = attach(f, "on_perf", "perf:cpu-clock:freq=500");
	uint64_t n;

	spin(0.2);
	bcc_link_destroy(link);
	n = get(f, 3);
	assert_true(n > 30 && n < 200);
	spin(0.05);
	assert_int_equal(get(f, 3), n);
}

static void *fault_in(void *data)
{
	volatile char *memory = data;

	for (size_t i = 0; i < 64; i++)
		memory[i * 4096] = 1;
	return NULL;
}

/* A thread that starts after the attach is counted as well where the kernel offers that. */
static void perf_of_one_process(void **state)
{
	struct fixture *f = *state;
	BCC_OPTS(bcc_attach_opts, opts, .pid = getpid());
	char *memory = mmap(NULL, 128 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS,
			    -1, 0);
	struct bcc_link *link;
	pthread_t thread;
	uint64_t n;

	assert_true(memory != MAP_FAILED);
	madvise(memory, 128 * 4096, MADV_NOHUGEPAGE); /* one fault for each page */
	check(f->ctx, bcc_program_attach(bcc_module_program(f->mod, "on_perf"),
					 "perf:page-faults:period=1", &opts, &link), 0);
	fault_in(memory);
	n = get(f, 3);
	assert_true(n >= 64);
	pthread_create(&thread, NULL, fault_in, memory + 64 * 4096);
	pthread_join(thread, NULL);
	if (kernel_is_at_least(5, 13))
		assert_true(get(f, 3) >= n + 64);
	bcc_link_destroy(link);
	munmap(memory, 128 * 4096);
}

/* Data sections are the same for all programs of the module. */
static void shared_data(void **state)
{
	struct fixture *f = *state;

	attach(f, "on_tracepoint", NULL);
	attach(f, "on_raw_tp", NULL);
	call(3);
	assert_int_equal(get(f, 0), 3); /* step is 1 for both */
	assert_int_equal(get(f, 1), 3);
}

static void alternatives(void **state)
{
	struct fixture *f = *state;
	struct bcc_link *link;

	link = attach(f, "on_tracepoint",
		      "tracepoint:no:such | raw_tp:bogus|tracepoint:syscalls:sys_enter_getppid");
	assert_string_equal(bcc_link_hook(link), "tracepoint:syscalls:sys_enter_getppid");
	call(2);
	assert_int_equal(get(f, 0), 2);
}

static void no_alternative(void **state)
{
	struct fixture *f = *state;
	struct bcc_program *prog = bcc_module_program(f->mod, "on_tracepoint");
	const struct bcc_diag *diag;

	check(f->ctx, bcc_program_attach(prog, "tracepoint:no:such | raw_tp:bogus", NULL, NULL),
	      BCC_ERR_NO_HOOK);
	assert_int_equal(bcc_diag_count(f->ctx), 1);
	diag = bcc_diag_get(f->ctx, 0);
	assert_non_null(strstr(bcc_diag_log(diag), "'no:such'"));
	assert_non_null(strstr(bcc_diag_log(diag), "'bogus'"));
	/* A typing error behind a hook that works is still an error. */
	check(f->ctx, bcc_program_attach(prog, "raw_tp:sys_enter | kprobe", NULL, NULL), -EINVAL);
	check(f->ctx, bcc_program_attach(prog, "raw_tp:sys_enter |", NULL, NULL), -EINVAL);
}

static void near_names(void **state)
{
	static const char *const rows[][3] = {
		{ "on_tracepoint", "tracepoint:syscalls:sys_enter_getpid_", "sys_enter_getpid" },
		{ "on_raw_tp", "raw_tp:sys_entr", "sys_enter" },
		{ "on_tp_btf", "tp_btf:sys_entr", "sys_enter" },
		{ "on_fentry", "fentry:vfs_raed", "vfs_read" },
		{ "on_uprobe", "uprobe:c:getppidd", "getppid" },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const char *hint;

		check(f->ctx, bcc_program_attach(bcc_module_program(f->mod, rows[i][0]), rows[i][1],
						 NULL, NULL), BCC_ERR_NO_HOOK);
		hint = bcc_diag_hint(bcc_diag_get(f->ctx, 0));
		assert_non_null(hint);
		assert_non_null(strstr(hint, rows[i][2]));
	}
}

static void bad_calls(void **state)
{
	struct fixture *f = *state;
	struct bcc_program *prog = bcc_module_program(f->mod, "on_uprobe");
	BCC_OPTS(bcc_attach_opts, opts);

	check(f->ctx, bcc_program_attach(prog, NULL, NULL, NULL), BCC_ERR_NO_HOOK);
	check(f->ctx, bcc_program_attach(prog, "uprobe:/dev/zero:f", NULL, NULL), BCC_ERR_NO_HOOK);
	check(f->ctx, bcc_program_attach(prog, "uprobe:/nonexistent:f", NULL, NULL),
	      BCC_ERR_NO_HOOK);
	check(f->ctx, bcc_program_attach(prog, "uprobe:nonexistent:f", NULL, NULL),
	      BCC_ERR_NO_HOOK);
	check(f->ctx, bcc_program_attach(prog, "uprobe:c:0x1", NULL, NULL), BCC_ERR_NO_HOOK);
	check(f->ctx, bcc_program_attach(bcc_module_program(f->mod, "on_perf"),
					 "perf:nosuch:freq=1", NULL, NULL), BCC_ERR_NO_HOOK);
	opts.size = 1;
	check(f->ctx, bcc_program_attach(prog, "uprobe:c:getppid", &opts, NULL), -EINVAL);
	assert_int_equal(bcc_program_attach(NULL, NULL, NULL, NULL), -EINVAL);
	assert_int_equal(bcc_link_detach(NULL), 0);
	bcc_link_destroy(NULL);
	/* Another kind of context: the kernel binds a tp_btf program by its section. */
	check(f->ctx,
	      bcc_program_attach(bcc_module_program(f->mod, "on_tp_btf"), "raw_tp:sys_enter", NULL,
				 NULL),
	      -EINVAL);
}

/* All or nothing: on_fentry is refused on some machines, so both ends are tested. */
static void attach_all(void **state)
{
	struct fixture *f = *state;
	int before = bpf_descriptors(), err = bcc_module_attach_all(f->mod);

	if (err > 0) {
		assert_int_equal(err, 4);
		call(7);
		assert_int_equal(get(f, 0), 7);
		return;
	}
	assert_int_equal(err, BCC_ERR_KERNEL);
	assert_non_null(strstr(bcc_diag_message(bcc_diag_get(f->ctx, 0)), "on_fentry"));
	call(7);
	assert_int_equal(get(f, 0), 0);
	assert_true(bpf_descriptors() <= before + 3); /* loaded, but on no hook */
}

static void load_alone(void **state)
{
	struct fixture *f = *state;
	struct bcc_program *prog = bcc_module_program(f->mod, "on_tracepoint");
	int fd;

	assert_int_equal(bcc_program_fd(prog), -ENOENT);
	check(f->ctx, bcc_program_load(prog), 0);
	fd = bcc_program_fd(prog);
	assert_true(fd >= 0);
	check(f->ctx, bcc_program_load(prog), 0);
	assert_int_equal(bcc_program_fd(prog), fd);
	attach(f, "on_tracepoint", NULL);
	assert_int_equal(bcc_program_fd(prog), fd);
	check(f->ctx, bcc_program_load(bcc_module_program(f->mod, "on_perf")), 0);
}

/* A killed process leaves nothing behind: the hook goes with its last descriptor. */
static void killed(void **state)
{
	struct fixture *f = *state;
	int ready[2];
	char byte;
	pid_t child;

	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (!child) {
		/* The child has copies of the parent's descriptors; the link is its own. */
		int err = bcc_program_attach(bcc_module_program(f->mod, "on_tracepoint"), NULL,
					     NULL, NULL);

		byte = err;
		if (write(ready[1], &byte, 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(byte, 0);
	call(3);
	assert_int_equal(get(f, 0), 3);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(ready[0]);
	close(ready[1]);
	call(3);
	assert_int_equal(get(f, 0), 3);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(lists),
		TEST(tracepoint),
		TEST(raw_tp),
		TEST(tp_btf),
		TEST(uprobe),
		TEST(uretprobe),
		TEST(another_type),
		TEST(two_hooks),
		TEST(own_binary),
		TEST(uprobe_of_one_process),
		TEST(perf_of_all_cpus),
		TEST(perf_of_one_process),
		TEST(shared_data),
		TEST(alternatives),
		TEST(no_alternative),
		TEST(near_names),
		TEST(bad_calls),
		TEST(attach_all),
		TEST(load_alone),
		TEST(killed),
	};

	need_bpf();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
