/*
 * Links: gone with the process, kept by a pin, opened again by another context, described, exchanged
 * where the kernel can. Pins are made on a BPF file system of the test's own.
 */
#include "counting.h"

#include <bcc/bcc.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/wait.h>

#include <bpf/bpf.h>

static char bpffs[] = "/tmp/bcc-test-links-XXXXXX";
static bool mounted;

/* The program is off its hook: at once, but for links that were pinned (bcc_link_detach()). */
static void gone(struct fixture *f, uint32_t key)
{
	uint64_t before;
	int tries = 0;

	do {
		assert_true(tries++ < 200);
		usleep(10000);
		before = get(f, key);
		call(10);
	} while (get(f, key) != before);
}

static const char *in_bpffs(const char *name)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s/%s", bpffs, name);
	return path;
}

static void expect_message(struct fixture *f, const char *part)
{
	const char *message;

	assert_true(bcc_diag_count(f->ctx) >= 1);
	message = bcc_diag_message(bcc_diag_get(f->ctx, 0));
	if (!strstr(message, part))
		fail_msg("'%s' is not in '%s'", part, message);
}

static void described(void **state)
{
	struct fixture *f = *state;
	struct bcc_link *link = attach(f, "on_raw_tp", "raw_tp:sys_enter");
	BCC_OPTS(bcc_link_info, info);
	struct bcc_link_info wild = { .size = 3 };

	assert_int_equal(bcc_link_describe(link, &info), 0);
	assert_string_equal(info.mechanism, "raw tracepoint link");
	assert_string_equal(info.why, "the first choice for this hook");
	assert_string_equal(info.target, "raw tracepoint sys_enter");
	assert_null(info.pin);
	assert_int_not_equal(info.id, 0);
	assert_int_not_equal(info.program_id, 0);
	assert_int_equal(info.n_links, 1);
	assert_true(info.attached);
	assert_int_equal(bcc_link_detach(link), 0);
	assert_int_equal(bcc_link_describe(link, &info), 0);
	assert_false(info.attached);
	assert_int_equal(info.id, 0);
	assert_int_equal(info.n_links, 0);

	assert_int_equal(bcc_link_describe(link, &wild), -EINVAL);
	assert_int_equal(bcc_link_describe(NULL, &info), -EINVAL);
	/* A caller of an older library gets what it knows of, and nothing behind it. */
	info.size = offsetof(struct bcc_link_info, target);
	info.target = "untouched";
	assert_int_equal(bcc_link_describe(link, &info), 0);
	assert_string_equal(info.target, "untouched");
}

static void described_perf(void **state)
{
	struct fixture *f = *state;
	struct bcc_link *link = attach(f, "on_tracepoint", NULL);
	BCC_OPTS(bcc_link_info, info);

	assert_int_equal(bcc_link_describe(link, &info), 0);
	if (!strcmp(info.mechanism, "perf link")) {
		assert_int_equal(info.n_links, 1);
		assert_int_not_equal(info.id, 0);
		if (*info.target) /* Linux 6.6 */
			assert_string_equal(info.target, "tracepoint sys_enter_getppid");
	} else {
		assert_string_equal(info.mechanism, "perf event");
		assert_string_equal(info.why, "Linux before 5.15 has no perf links");
		assert_int_equal(info.n_links, 0);
		assert_int_equal(bcc_link_pin(link, in_bpffs("perf")), BCC_ERR_KERNEL);
		expect_message(f, "a perf event is no bpf link");
	}
}

/* The pin keeps the program on its hook when its module is gone; another context takes it off. */
static void pinned(void **state)
{
	struct fixture *f = *state;
	struct bcc_link *link, *again = NULL;
	BCC_OPTS(bcc_link_info, info);
	uint32_t id;

	if (!mounted)
		skip();
	link = attach(f, "on_raw_tp", "raw_tp:sys_enter");
	check(f->ctx, bcc_link_pin(link, in_bpffs("made/raw")), 0);
	assert_int_equal(bcc_link_describe(link, &info), 0);
	assert_string_equal(info.pin, in_bpffs("made/raw"));
	id = info.id;
	assert_int_equal(bcc_link_pin(link, in_bpffs("made/other")), -EEXIST);
	bcc_link_destroy(link);
	call(10);
	assert_int_equal(get(f, 1), 10);

	check(f->ctx, bcc_link_open_pinned(f->ctx, in_bpffs("made/raw"), &again), 0);
	assert_null(bcc_link_program(again));
	assert_string_equal(bcc_link_mechanism(again), "raw tracepoint link");
	assert_int_equal(strncmp(bcc_link_hook(again), "pinned:/", 8), 0);
	assert_int_equal(bcc_link_describe(again, &info), 0);
	assert_int_equal(info.id, id);
	assert_string_equal(info.target, "raw tracepoint sys_enter");
	bcc_link_destroy(again);
	call(10);
	assert_int_equal(get(f, 1), 20);

	check(f->ctx, bcc_link_open_pinned(f->ctx, in_bpffs("made/raw"), &again), 0);
	assert_int_equal(bcc_link_detach(again), 0);
	assert_int_equal(bcc_link_detach(again), 0);
	gone(f, 1);
	assert_int_equal(access(in_bpffs("made/raw"), F_OK), -1);
	assert_int_equal(bcc_link_open_pinned(f->ctx, in_bpffs("made/raw"), &again), -ENOENT);
	expect_message(f, "nothing is pinned there");
}

static void unpinned(void **state)
{
	struct fixture *f = *state;
	struct bcc_link *link;

	if (!mounted)
		skip();
	link = attach(f, "on_raw_tp", "raw_tp:sys_enter");
	assert_int_equal(bcc_link_unpin(link), -ENOENT);
	check(f->ctx, bcc_link_pin(link, in_bpffs("raw")), 0);
	check(f->ctx, bcc_link_unpin(link), 0);
	assert_int_equal(access(in_bpffs("raw"), F_OK), -1);
	call(1);
	assert_int_equal(get(f, 1), 1);
	bcc_link_destroy(link);
	gone(f, 1);
}

/* Somebody else's pin in the place of ours is left alone. */
static void replaced_pin(void **state)
{
	struct fixture *f = *state;
	struct bcc_link *ours, *theirs;

	if (!mounted)
		skip();
	ours = attach(f, "on_raw_tp", "raw_tp:sys_enter");
	theirs = attach(f, "on_tp_btf", NULL);
	check(f->ctx, bcc_link_pin(ours, in_bpffs("place")), 0);
	assert_int_equal(bcc_link_pin(theirs, in_bpffs("place")), -EEXIST);
	assert_int_equal(unlink(in_bpffs("place")), 0);
	check(f->ctx, bcc_link_pin(theirs, in_bpffs("place")), 0);
	assert_int_equal(bcc_link_detach(ours), 0);
	assert_int_equal(access(in_bpffs("place"), F_OK), 0);
	assert_int_equal(bcc_link_detach(theirs), 0);
	assert_int_equal(access(in_bpffs("place"), F_OK), -1);
}

static void bad_pins(void **state)
{
	struct fixture *f = *state;
	struct bcc_link *link, *out = NULL;
	char path[300];

	if (!mounted)
		skip();
	link = attach(f, "on_raw_tp", "raw_tp:sys_enter");
	check(f->ctx, bcc_link_pin(link, "/tmp/bcc-no-bpffs"), -EINVAL);
	expect_message(f, "is not on a BPF file system");
	check(f->ctx, bcc_link_pin(link, "relative"), -EINVAL);
	check(f->ctx, bcc_link_pin(link, in_bpffs("../x")), -EINVAL);
	snprintf(path, sizeof(path), "%s-symlink", bpffs);
	assert_int_equal(symlink(bpffs, path), 0);
	strcat(path, "/x");
	check(f->ctx, bcc_link_pin(link, path), -ELOOP);
	check(f->ctx, bcc_link_open_pinned(f->ctx, path, &out), -ELOOP);
	path[strlen(path) - 2] = '\0';
	unlink(path);
	assert_int_equal(bcc_link_pin(NULL, path), -EINVAL);
	assert_int_equal(bcc_link_pin(link, NULL), -EINVAL);
	bcc_link_detach(link);
	check(f->ctx, bcc_link_pin(link, in_bpffs("late")), -ENOENT);

	assert_int_equal(bpf_obj_pin(bcc_table_fd(f->counts), in_bpffs("map")), 0);
	check(f->ctx, bcc_link_open_pinned(f->ctx, in_bpffs("map"), &out), -EINVAL);
	expect_message(f, "is no link");
	assert_null(out);
}

static void many_links(void **state)
{
	struct fixture *f = *state;
	struct bcc_link *link = attach(f, "on_perf", "perf:cpu-clock:freq=1");
	BCC_OPTS(bcc_link_info, info);

	assert_int_equal(bcc_link_describe(link, &info), 0);
	if (info.n_links < 2)
		skip();
	assert_int_equal(info.id, 0);
	check(f->ctx, bcc_link_pin(link, in_bpffs("many")), BCC_ERR_KERNEL);
	expect_message(f, "is made of");
}

static void no_update(void **state)
{
	struct fixture *f = *state;
	struct bcc_program *prog = bcc_module_program(f->mod, "on_uprobe");
	struct bcc_link *link = attach(f, "on_raw_tp", "raw_tp:sys_enter");

	check(f->ctx, bcc_link_update(link, prog), BCC_ERR_KERNEL);
	expect_message(f, "the kernel cannot do that to a raw tracepoint link");
	assert_int_equal(bcc_link_update(link, NULL), -EINVAL);
	assert_int_equal(bcc_link_update(NULL, prog), -EINVAL);
	bcc_link_detach(link);
	check(f->ctx, bcc_link_update(link, prog), -ENOENT);
}

/* What one process attached, and that it is gone or stays when the process is killed. */
static void killed_on(struct fixture *f, const char *program, const char *hook, uint32_t key,
		      const char *pin)
{
	uint64_t before = get(f, key);
	int ready[2];
	char byte = 1;
	pid_t child;

	assert_int_equal(pipe(ready), 0);
	child = fork();
	if (!child) {
		struct bcc_link *link;
		int err = bcc_program_attach(bcc_module_program(f->mod, program), hook, NULL,
					     &link);

		if (!err && pin)
			err = bcc_link_pin(link, pin);
		byte = !!err;
		if (write(ready[1], &byte, 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(byte, 0);
	call(3);
	assert_int_equal(get(f, key), before + 3);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(ready[0]);
	close(ready[1]);
	call(3);
	assert_int_equal(get(f, key), before + (pin ? 6 : 3));
}

static void killed(void **state)
{
	struct fixture *f = *state;

	killed_on(f, "on_raw_tp", "raw_tp:sys_enter", 1, NULL);
	killed_on(f, "on_tp_btf", NULL, 2, NULL);
	killed_on(f, "on_uprobe", "uprobe:c:getppid", 4, NULL);
}

static void killed_but_pinned(void **state)
{
	struct fixture *f = *state;
	struct bcc_link *link;
	char path[256];

	if (!mounted)
		skip();
	snprintf(path, sizeof(path), "%s", in_bpffs("stays"));
	killed_on(f, "on_tp_btf", NULL, 2, path);
	check(f->ctx, bcc_link_open_pinned(f->ctx, path, &link), 0);
	assert_int_equal(bcc_link_detach(link), 0);
	gone(f, 2);
}

static int start(void **state)
{
	(void)state;
	assert_non_null(mkdtemp(bpffs));
	mounted = !unshare(CLONE_NEWNS) && !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) &&
		  !mount("bpf", bpffs, "bpf", 0, NULL);
	if (!mounted)
		print_message("the tests of pins are skipped: no BPF file system can be mounted\n");
	return 0;
}

static int stop(void **state)
{
	(void)state;
	if (mounted)
		umount2(bpffs, MNT_DETACH);
	return rmdir(bpffs);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(described), TEST(described_perf), TEST(pinned), TEST(unpinned),
		TEST(replaced_pin), TEST(bad_pins), TEST(many_links), TEST(no_update),
		TEST(killed), TEST(killed_but_pinned),
	};

	need_bpf();
	return cmocka_run_group_tests(tests, start, stop);
}
