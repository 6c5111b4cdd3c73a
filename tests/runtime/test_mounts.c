/*
 * A uprobe on a process that sees other files than this one: in its mount namespace another binary
 * lies at the same path. With its pid the path means what the process has there; without, what we
 * have.
 */
#include "runtime.h"

#include <bcc/bcc.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/sendfile.h>
#include <sys/wait.h>

enum { CALLS = 3 };

static const char text[] =
	"BPF_HASH(counts, u32, u64);\n"
	"int on_call(struct pt_regs *ctx, int n)\n"
	"{\n"
	"	u32 pid = bpf_get_current_pid_tgid() >> 32;\n"
	"	counts.increment(pid, n);\n"
	"	return 0;\n"
	"}\n";

struct child {
	pid_t pid;
	int to, from;
};

struct fixture {
	struct bcc_context *ctx;
	struct bcc_module *mod;
	char dir[64], ours[80], theirs[80];
	struct child child;
};

__attribute__((noinline, noclone, used)) void marked_function(int n)
{
	__asm__ volatile("" : : "r"(n) : "memory");
}

/* The other process: for each byte it is given, it calls and then answers with the byte. */
static int be_called(void)
{
	char byte = 'r';

	do {
		if (write(STDOUT_FILENO, &byte, 1) != 1)
			return 1;
		if (read(STDIN_FILENO, &byte, 1) != 1)
			return 0;
		for (int i = 0; i < CALLS; i++)
			marked_function(7);
	} while (true);
}

static void copy_self(const char *to)
{
	int in = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0755);
	struct stat st;

	assert_true(in >= 0 && out >= 0);
	assert_int_equal(fstat(in, &st), 0);
	for (off_t left = st.st_size; left > 0;) {
		ssize_t n = sendfile(out, in, NULL, (size_t)left);

		assert_true(n > 0);
		left -= n;
	}
	close(in);
	close(out);
}

/* In the child, before it is the other program: its own mounts. Its exit code says what failed. */
static void enter(const struct fixture *f)
{
	if (unshare(CLONE_NEWNS))
		_exit(2);
	if (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL))
		_exit(3);
	if (mount(f->theirs, f->ours, NULL, MS_BIND, NULL))
		_exit(4);
	execl(f->ours, "called", "be-called", NULL);
	_exit(5);
}

static char answer(const struct child *c)
{
	char byte = 0;

	return read(c->from, &byte, 1) == 1 ? byte : 0;
}

static void start(struct fixture *f)
{
	int in[2], out[2];

	assert_int_equal(pipe2(in, O_CLOEXEC), 0);
	assert_int_equal(pipe2(out, O_CLOEXEC), 0);
	f->child.pid = fork();
	assert_true(f->child.pid >= 0);
	if (!f->child.pid) {
		dup2(in[0], STDIN_FILENO);
		dup2(out[1], STDOUT_FILENO);
		enter(f);
	}
	close(in[0]);
	close(out[1]);
	f->child.to = in[1];
	f->child.from = out[0];
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	BCC_OPTS(bcc_context_opts, opts, .compiler_path = TEST_COMPILER);

	*state = f;
	strcpy(f->dir, "/tmp/bcc-test-mounts-XXXXXX");
	assert_non_null(mkdtemp(f->dir));
	snprintf(f->ours, sizeof(f->ours), "%s/binary", f->dir);
	snprintf(f->theirs, sizeof(f->theirs), "%s/other", f->dir);
	copy_self(f->ours);
	copy_self(f->theirs);
	start(f);
	assert_int_equal(bcc_context_create(&opts, &f->ctx), 0);
	check(f->ctx, bcc_module_create(f->ctx, text, NULL, &f->mod), 0);
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	bcc_context_destroy(f->ctx);
	close(f->child.to);
	close(f->child.from);
	waitpid(f->child.pid, NULL, 0);
	unlink(f->ours);
	unlink(f->theirs);
	rmdir(f->dir);
	free(f);
	return 0;
}

static uint64_t count(struct fixture *f)
{
	uint32_t pid = (uint32_t)f->child.pid;
	uint64_t value = 0;

	return bcc_table_get(bcc_module_table(f->mod, "counts"), &pid, &value) ? 0 : value;
}

static void have_it_call(struct fixture *f)
{
	assert_int_equal(write(f->child.to, "x", 1), 1);
	assert_int_equal(answer(&f->child), 'x');
}

static struct bcc_link *attach(struct fixture *f, int pid)
{
	BCC_OPTS(bcc_attach_opts, opts, .pid = pid);
	struct bcc_link *link = NULL;
	char hook[128];

	snprintf(hook, sizeof(hook), "uprobe:%s:marked_function", f->ours);
	check(f->ctx, bcc_program_attach(bcc_module_program(f->mod, "on_call"), hook, &opts, &link),
	      0);
	return link;
}

static void path_of_the_process(void **state)
{
	struct fixture *f = *state;
	struct bcc_link *link;
	char mapped[96], root[128];
	struct stat ours, theirs;

	if (answer(&f->child) != 'r')
		SKIP("no mount namespace can be made here");
	/* The path is one file for us and another one for the process. */
	snprintf(root, sizeof(root), "/proc/%d/root%s", f->child.pid, f->ours);
	snprintf(mapped, sizeof(mapped), "/proc/%d/exe", f->child.pid);
	assert_int_equal(stat(f->ours, &ours), 0);
	assert_int_equal(stat(root, &theirs), 0);
	assert_true(ours.st_ino != theirs.st_ino);
	assert_int_equal(stat(mapped, &ours), 0);
	assert_int_equal(ours.st_ino, theirs.st_ino);

	link = attach(f, f->child.pid);
	have_it_call(f);
	assert_int_equal(count(f), 7 * CALLS);
	bcc_link_destroy(link);
	have_it_call(f);
	assert_int_equal(count(f), 7 * CALLS);

	/* Ours: never run by anybody. */
	link = attach(f, 0);
	have_it_call(f);
	assert_int_equal(count(f), 7 * CALLS);
	bcc_link_destroy(link);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(path_of_the_process, setup, teardown),
	};

	if (argc == 2 && !strcmp(argv[1], "be-called"))
		return be_called();
	need_bpf();
	if (access("/sys/bus/event_source/devices/uprobe/type", R_OK)) {
		printf("skipped: this kernel has no uprobes\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
