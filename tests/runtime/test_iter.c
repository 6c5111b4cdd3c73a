/*
 * Iterators: each target is walked, its parameters narrow the walk, and what the program writes is
 * what is read. The program of a link can be exchanged.
 */
#include "runtime.h"

#include <bcc/bcc.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sys/mman.h>

#include <bpf/bpf.h>

struct fixture {
	struct bcc_context *ctx;
	int descriptors;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	BCC_OPTS(bcc_context_opts, opts, .compiler_path = TEST_COMPILER);

	*state = f;
	f->descriptors = bpf_descriptors();
	return bcc_context_create(&opts, &f->ctx);
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	bcc_context_destroy(f->ctx);
	assert_int_equal(bpf_descriptors(), f->descriptors);
	free(f);
	return 0;
}

static struct bcc_module *make(struct fixture *f, const char *text)
{
	struct bcc_module *mod = NULL;

	check(f->ctx, bcc_module_create(f->ctx, text, NULL, &mod), 0);
	return mod;
}

static struct bcc_link *attach(struct fixture *f, struct bcc_module *mod, const char *program,
			       const char *hook)
{
	struct bcc_link *link = NULL;

	check(f->ctx, bcc_program_attach(bcc_module_program(mod, program), hook, NULL, &link), 0);
	return link;
}

/* All that one reading gives. */
static const char *output(struct bcc_link *link)
{
	static char text[1 << 20];
	size_t size = 0;
	ssize_t n;
	int fd = bcc_link_iter_fd(link);

	assert_true(fd >= 0);
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	while ((n = read(fd, text + size, sizeof(text) - 1 - size)) > 0)
		size += n;
	assert_int_equal(n, 0);
	close(fd);
	text[size] = '\0';
	return text;
}

static unsigned lines(const char *text)
{
	unsigned n = 0;

	for (; *text; text++)
		n += *text == '\n';
	return n;
}

/* Tells each thread of the process by its id; without a seq_printf, what is written are bytes. */
static const char tasks_text[] =
	"BPF_ITER(task)\n"
	"{\n"
	"	struct seq_file *seq = ctx->meta->seq;\n"
	"	struct task_struct *task = ctx->task;\n"
	"	if (!task)\n"
	"		return 0;\n"
	"	BPF_SEQ_PRINTF(seq, \"%d %d\\n\", task->tgid, task->pid);\n"
	"	return 0;\n"
	"}\n"
	"int other(struct bpf_iter__task *ctx)\n"
	"{\n"
	"	if (!ctx->task)\n" /* once, behind the last one */
	"		BPF_SEQ_PRINTF(ctx->meta->seq, \"end\\n\");\n"
	"	return 0;\n"
	"}\n";

static void *wait_for_end(void *stop)
{
	while (!__atomic_load_n((int *)stop, __ATOMIC_ACQUIRE))
		usleep(1000);
	return NULL;
}

static void tasks(void **state)
{
	struct fixture *f = *state;
	struct bcc_module *mod = make(f, tasks_text);
	struct bcc_link *link = attach(f, mod, "bpf_iter__task", NULL);
	BCC_OPTS(bcc_link_info, info);
	char mine[64];
	int stop = 0;
	pthread_t thread;

	assert_string_equal(bcc_link_hook(link), "iter:task");
	assert_string_equal(bcc_link_mechanism(link), "iterator link");
	assert_int_equal(bcc_link_describe(link, &info), 0);
	assert_string_equal(info.target, "iterator over task");
	snprintf(mine, sizeof(mine), "%d %d\n", getpid(), getpid());
	assert_non_null(strstr(output(link), mine));
	assert_non_null(strstr(output(link), mine)); /* as often as one likes */

	pthread_create(&thread, NULL, wait_for_end, &stop);
	snprintf(mine, sizeof(mine), "\n%d ", getpid());
	assert_non_null(strstr(strstr(output(link), mine) + 1, mine)); /* two of one process */
	__atomic_store_n(&stop, 1, __ATOMIC_RELEASE);
	pthread_join(thread, NULL);

	assert_int_equal(bcc_link_detach(link), 0);
	assert_int_equal(bcc_link_iter_fd(link), -ENOENT);
	assert_int_equal(bcc_link_iter_fd(NULL), -EINVAL);
}

/* pid and tid are Linux 6.1's. */
static void one_process(void **state)
{
	struct fixture *f = *state;
	struct bcc_module *mod = make(f, tasks_text);
	struct bcc_program *prog = bcc_module_program(mod, "bpf_iter__task");
	struct bcc_link *link = NULL;
	char hook[64], mine[64];
	int err;

	snprintf(hook, sizeof(hook), "iter:task:pid=%d", getpid());
	err = bcc_program_attach(prog, hook, NULL, &link);
	if (!kernel_is_at_least(6, 1)) {
		check(f->ctx, err, BCC_ERR_KERNEL);
		assert_non_null(strstr(bcc_diag_hint(bcc_diag_get(f->ctx, 0)), "Linux 6.1"));
		check(f->ctx, bcc_program_attach(prog, "iter:task:tid=1", NULL, NULL),
		      BCC_ERR_KERNEL);
		SKIP("iterators over one process need Linux 6.1");
	}
	check(f->ctx, err, 0);
	snprintf(mine, sizeof(mine), "%d %d\n", getpid(), getpid());
	assert_string_equal(output(link), mine);
	bcc_link_destroy(link);

	snprintf(hook, sizeof(hook), "iter:task:tid=%d", getpid());
	assert_string_equal(output(attach(f, mod, "bpf_iter__task", hook)), mine);
}

/* The kernel can put another program on an iterator that exists. */
static void exchanged(void **state)
{
	struct fixture *f = *state;
	struct bcc_module *mod = make(f, tasks_text), *second = make(f, tasks_text);
	struct bcc_link *link = attach(f, mod, "bpf_iter__task", NULL);

	assert_true(lines(output(link)) > 1);
	check(f->ctx, bcc_link_update(link, bcc_module_program(mod, "other")), 0);
	assert_string_equal(output(link), "end\n");
	assert_string_equal(bcc_program_name(bcc_link_program(link)), "other");
	/* The link goes with the module of the program that it has. */
	check(f->ctx, bcc_link_update(link, bcc_module_program(second, "bpf_iter__task")), 0);
	bcc_module_destroy(mod);
	assert_true(lines(output(link)) > 1);
	bcc_module_destroy(second);
}

static const char entries_text[] =
	"BPF_HASH(pairs, u32, u64, 16);\n"
	"int dump(struct bpf_iter__bpf_map_elem *ctx)\n"
	"{\n"
	"	u32 *key = ctx->key;\n"
	"	u64 *value = ctx->value;\n"
	"	if (key && value)\n"
	"		BPF_SEQ_PRINTF(ctx->meta->seq, \"%u=%llu\\n\", *key, *value);\n"
	"	return 0;\n"
	"}\n";

static void entries_of_a_map(void **state)
{
	struct fixture *f = *state;
	struct bcc_module *mod = make(f, entries_text);
	struct bcc_program *dump = bcc_module_program(mod, "dump");
	uint32_t key = 7;
	uint64_t value = 70;

	assert_int_equal(bcc_table_set(bcc_module_table(mod, "pairs"), &key, &value), 0);
	assert_string_equal(output(attach(f, mod, "dump", "iter:bpf_map_elem:map=pairs")),
			    "7=70\n");
	check(f->ctx, bcc_program_attach(dump, "iter:bpf_map_elem", NULL, NULL), -EBADF);
	assert_non_null(strstr(bcc_diag_hint(bcc_diag_get(f->ctx, 0)), "map=TABLE"));
	check(f->ctx, bcc_program_attach(dump, "iter:bpf_map_elem:map=nosuch", NULL, NULL),
	      BCC_ERR_NO_HOOK);
	check(f->ctx, bcc_program_attach(dump, "iter:bpf_map_elem:map=/sys/fs/bpf/bcc_no_such",
					 NULL, NULL), BCC_ERR_NO_HOOK);
}

/* One program for each target that writes a line per object, and that there are such. */
static void other_targets(void **state)
{
	static const struct {
		const char *target, *field;
		bool some; /* there is at least one of them */
	} rows[] = {
		{ "bpf_map", "map", true },    { "bpf_prog", "prog", true },
		{ "bpf_link", "link", true },  { "task_file", "file", true },
		{ "task_vma", "vma", true },   { "tcp", "sk_common", false },
		{ "udp", "udp_sk", false },    { "unix", "unix_sk", false },
		{ "netlink", "sk", false },    { "ksym", "ksym", true },
	};
	struct fixture *f = *state;
	struct kernel *k;

	assert_int_equal(context_kernel(f->ctx, &k), 0);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct bcc_module *mod;
		char text[512], record[64];
		struct bcc_link *link;

		snprintf(record, sizeof(record), "bpf_iter__%s", rows[i].target);
		if (!kernel_has_struct(k, record)) {
			print_message("not in this kernel: iter:%s\n", rows[i].target);
			continue;
		}
		snprintf(text, sizeof(text),
			 "BPF_ITER(%s)\n{\n"
			 "	if (ctx->%s)\n"
			 "		BPF_SEQ_PRINTF(ctx->meta->seq, \"one\\n\");\n"
			 "	return 0;\n}\n", rows[i].target, rows[i].field);
		mod = make(f, text);
		link = attach(f, mod, record, NULL);
		if (rows[i].some)
			assert_true(lines(output(link)) > 0);
		else
			output(link);
		bcc_module_destroy(mod);
	}
}

static void cgroups(void **state)
{
	static const char text[] =
		"BPF_ITER(cgroup)\n{\n"
		"	if (ctx->cgroup)\n"
		"		BPF_SEQ_PRINTF(ctx->meta->seq, \"%llu\\n\", ctx->cgroup->kn->id);\n"
		"	return 0;\n}\n";
	struct fixture *f = *state;
	struct bcc_module *mod;
	struct kernel *k;
	unsigned all;

	assert_int_equal(context_kernel(f->ctx, &k), 0);
	if (!kernel_has_struct(k, "bpf_iter__cgroup"))
		skip();
	mod = make(f, text);
	all = lines(output(attach(f, mod, "bpf_iter__cgroup", "iter:cgroup:order=pre")));
	assert_true(all >= 1);
	assert_int_equal(lines(output(attach(f, mod, "bpf_iter__cgroup", "iter:cgroup:order=self"))),
			 1);
	if (!access("/sys/fs/cgroup/cgroup.procs", F_OK))
		assert_int_equal(lines(output(attach(f, mod, "bpf_iter__cgroup",
				 "iter:cgroup:order=self,cgroup=/sys/fs/cgroup"))), 1);
	check(f->ctx, bcc_program_attach(bcc_module_program(mod, "bpf_iter__cgroup"),
					 "iter:cgroup:cgroup=/no/such", NULL, NULL),
	      BCC_ERR_NO_HOOK);
}

static void no_target(void **state)
{
	struct fixture *f = *state;
	struct bcc_module *mod = make(f, tasks_text);
	struct bcc_program *prog = bcc_module_program(mod, "other");

	check(f->ctx, bcc_program_attach(prog, "iter:taks", NULL, NULL), BCC_ERR_NO_HOOK);
	assert_string_equal(bcc_diag_message(bcc_diag_get(f->ctx, 0)),
			    "this kernel has no iterator 'taks'");
	assert_non_null(strstr(bcc_diag_hint(bcc_diag_get(f->ctx, 0)), "task"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(tasks), TEST(one_process), TEST(exchanged), TEST(entries_of_a_map),
		TEST(other_targets), TEST(cgroups), TEST(no_target),
	};

	need_bpf();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
