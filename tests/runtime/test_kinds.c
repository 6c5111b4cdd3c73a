/*
 * Every kind of table the dialect knows, made in this kernel: the name of its kind, and what user
 * space can do with it, with exact values. What the kernel lets nobody do must be refused in words.
 */
#include "in_context.h"

#include <bcc/bcc.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/syscall.h>

#include <bpf/bpf.h>

/* Whether the kernel does not have a kind of table: its types may lack even the kind's number. */
static bool not_here(int err)
{
	const struct bcc_diag *diag = err ? bcc_diag_get(ctx, 0) : NULL;

	if (err != BCC_ERR_COMPILE)
		return err == -EINVAL || err == BCC_ERR_KERNEL;
	return strstr(bcc_diag_message(diag), "'BPF_MAP_TYPE_") && bcc_diag_hint(diag) &&
	       !strcmp(bcc_diag_hint(diag),
		       "the kernel whose types these are has no tables of this kind");
}

/* The only table of a text; skips the test where the kernel does not have such tables. */
static struct bcc_table *make_table(const char *text)
{
	struct bcc_module *mod = NULL;
	int err = bcc_module_create(ctx, text, NULL, &mod);

	if (not_here(err))
		SKIP("this kernel does not have %s", text);
	check(ctx, err, 0);
	return bcc_module_next_table(mod, NULL);
}

static void run(struct bcc_module *mod, const char *program)
{
	struct bcc_program *prog = bcc_module_program(mod, program);
	LIBBPF_OPTS(bpf_test_run_opts, opts);

	assert_non_null(prog);
	check(ctx, bcc_program_load(prog), 0);
	assert_int_equal(bpf_prog_test_run_opts(bcc_program_fd(prog), &opts), 0);
}

static const char *message(void)
{
	assert_int_equal(bcc_diag_count(ctx), 1);
	return bcc_diag_message(bcc_diag_get(ctx, 0));
}

/* --- all of them --- */

struct row {
	const char *text;
	const char *kind; /* as bcc_table_kind() says it */
	int map_type;
	size_t entries;
	bool optional; /* not in every kernel */
};

static const struct row rows[] = {
	{ "BPF_HASH(t);", "hash", BPF_MAP_TYPE_HASH, 10240, false },
	{ "BPF_PERCPU_HASH(t, u32, u32, 8);", "percpu_hash", BPF_MAP_TYPE_PERCPU_HASH, 8, false },
	{ "BPF_TABLE(\"lru_hash\", u32, u32, t, 8);", "lru_hash", BPF_MAP_TYPE_LRU_HASH, 8, false },
	{ "BPF_TABLE(\"lru_percpu_hash\", u32, u32, t, 8);", "lru_percpu_hash",
	  BPF_MAP_TYPE_LRU_PERCPU_HASH, 8, false },
	{ "BPF_ARRAY(t);", "array", BPF_MAP_TYPE_ARRAY, 10240, false },
	{ "BPF_PERCPU_ARRAY(t, u32, 3);", "percpu_array", BPF_MAP_TYPE_PERCPU_ARRAY, 3, false },
	{ "BPF_HISTOGRAM(t);", "histogram", BPF_MAP_TYPE_ARRAY, 64, false },
	{ "BPF_HISTOGRAM(t, u32);", "histogram", BPF_MAP_TYPE_HASH, 64, false },
	{ "struct k { u32 prefixlen; u32 a; };\nBPF_LPM_TRIE(t, struct k, u32, 8);", "lpm_trie",
	  BPF_MAP_TYPE_LPM_TRIE, 8, false },
	{ "BPF_STACK_TRACE(t, 100);", "stacktrace", BPF_MAP_TYPE_STACK_TRACE, 128, false },
	{ "BPF_STACK_TRACE_BUILDID(t, 64);", "stacktrace", BPF_MAP_TYPE_STACK_TRACE, 64, false },
	{ "BPF_PROG_ARRAY(t, 4);", "prog", BPF_MAP_TYPE_PROG_ARRAY, 4, false },
	{ "BPF_PERF_OUTPUT(t);", "perf_output", BPF_MAP_TYPE_PERF_EVENT_ARRAY, 0, false },
	{ "BPF_RINGBUF_OUTPUT(t, 2);", "ringbuf", BPF_MAP_TYPE_RINGBUF, 8192, false },
	{ "BPF_PERF_ARRAY(t, 4);", "perf_array", BPF_MAP_TYPE_PERF_EVENT_ARRAY, 4, false },
	{ "BPF_CGROUP_ARRAY(t, 4);", "cgroup_array", BPF_MAP_TYPE_CGROUP_ARRAY, 4, true },
	{ "BPF_DEVMAP(t, 4);", "devmap", BPF_MAP_TYPE_DEVMAP, 4, true },
	{ "BPF_DEVMAP_HASH(t, u32, 4);", "devmap_hash", BPF_MAP_TYPE_DEVMAP_HASH, 4, true },
	{ "BPF_CPUMAP(t, 4);", "cpumap", BPF_MAP_TYPE_CPUMAP, 4, true },
	{ "BPF_XSKMAP(t, 4);", "xskmap", BPF_MAP_TYPE_XSKMAP, 4, true },
	{ "BPF_SK_STORAGE(t, u64);", "sk_storage", BPF_MAP_TYPE_SK_STORAGE, 0, true },
	{ "BPF_INODE_STORAGE(t, u64);", "inode_storage", BPF_MAP_TYPE_INODE_STORAGE, 0, true },
	{ "BPF_TASK_STORAGE(t, u64);", "task_storage", BPF_MAP_TYPE_TASK_STORAGE, 0, true },
	{ "BPF_CGRP_STORAGE(t, u64);", "cgrp_storage", 32, 0, true },
	{ "BPF_CGROUP_STORAGE(t, u64);", "cgroup_storage", BPF_MAP_TYPE_CGROUP_STORAGE, 0, true },
	{ "BPF_PERCPU_CGROUP_STORAGE(t, u64);", "percpu_cgroup_storage",
	  BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE, 0, true },
	{ "BPF_SOCKMAP(t, 4);", "sockmap", BPF_MAP_TYPE_SOCKMAP, 4, true },
	{ "BPF_SOCKHASH(t, u32, 4);", "sockhash", BPF_MAP_TYPE_SOCKHASH, 4, true },
	{ "BPF_REUSEPORT_SOCKARRAY(t, 4);", "reuseport_sockarray",
	  BPF_MAP_TYPE_REUSEPORT_SOCKARRAY, 4, true },
	{ "BPF_QUEUE(t, u64, 4);", "queue", BPF_MAP_TYPE_QUEUE, 4, false },
	{ "BPF_STACK(t, u64, 4);", "stack", BPF_MAP_TYPE_STACK, 4, false },
	{ "BPF_QUEUESTACK(\"stack\", t, u64, 4, 0);", "stack", BPF_MAP_TYPE_STACK, 4, false },
	{ "BPF_BLOOM_FILTER(t, u32, 16);", "bloom_filter", BPF_MAP_TYPE_BLOOM_FILTER, 16, true },
	{ "BPF_USER_RINGBUF(t, 2);", "user_ringbuf", BPF_MAP_TYPE_USER_RINGBUF, 8192, true },
	{ "BPF_ARRAY(inner, u64, 2);\nBPF_ARRAY_OF_MAPS(t, \"inner\", 4);", "array_of_maps",
	  BPF_MAP_TYPE_ARRAY_OF_MAPS, 4, false },
	{ "BPF_ARRAY(inner, u64, 2);\nBPF_HASH_OF_MAPS(t, \"inner\");", "hash_of_maps",
	  BPF_MAP_TYPE_HASH_OF_MAPS, 10240, false },
};

/* Walking and clearing a table of any kind ends, with a diagnostic where it cannot be done. */
static void walked_or_refused(struct bcc_table *t)
{
	struct bcc_table_iter *iter = NULL;
	const void *key, *value;
	int err;

	err = bcc_table_iter_create(t, &iter);
	while (!err && (err = bcc_table_iter_next(iter, &key, &value)) > 0)
		err = 0;
	bcc_table_iter_destroy(iter);
	if (err)
		assert_int_equal(bcc_diag_count(ctx), 1);
	if (bcc_table_clear(t))
		assert_int_equal(bcc_diag_count(ctx), 1);
}

static void every_kind(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct bcc_module *mod = NULL;
		int err = bcc_module_create(ctx, rows[i].text, NULL, &mod);
		struct bcc_table *t;

		if (rows[i].optional && not_here(err)) {
			print_message("not in this kernel: %s\n", rows[i].text);
			continue;
		}
		if (err)
			print_message("%s\n", rows[i].text);
		check(ctx, err, 0);
		t = bcc_module_table(mod, "t");
		assert_string_equal(bcc_table_kind(t), rows[i].kind);
		assert_int_equal(bcc_table_map_type(t), rows[i].map_type);
		if (rows[i].entries)
			assert_int_equal(bcc_table_max_entries(t), rows[i].entries);
		walked_or_refused(t);
		bcc_module_destroy(mod);
	}
}

/* --- values that hang on objects --- */

/* A value set, read and removed through a descriptor; walking is refused by name. */
static void storage(struct bcc_table *t, int fd, int other)
{
	struct bcc_table_iter *iter = NULL;
	uint64_t in = 4711, out = 0;
	char expected[200], *text = NULL, key[16];

	assert_int_equal(bcc_table_get(t, &fd, &out), -ENOENT);
	check(ctx, bcc_table_set(t, &fd, &in), 0);
	check(ctx, bcc_table_get(t, &fd, &out), 0);
	assert_int_equal(out, 4711);
	assert_int_equal(bcc_table_get(t, &other, &out), -ENOENT);
	snprintf(key, sizeof(key), "%d", fd);
	check(ctx, bcc_table_set_text(t, key, "17"), 0);
	check(ctx, bcc_table_get_text(t, key, &text), 0);
	assert_string_equal(text, "17");
	bcc_free(text);

	snprintf(expected, sizeof(expected), "table %s (%s) cannot be walked: the kernel does not "
		 "tell which objects have a value", bcc_table_name(t), bcc_table_kind(t));
	check(ctx, bcc_table_iter_create(t, &iter), -EOPNOTSUPP);
	assert_null(iter);
	assert_string_equal(message(), expected);
	check(ctx, bcc_table_clear(t), -EOPNOTSUPP);
	assert_string_equal(message(), expected);

	check(ctx, bcc_table_delete(t, &fd), 0);
	assert_int_equal(bcc_table_get(t, &fd, &out), -ENOENT);
	fd = 1 << 20;
	assert_int_equal(bcc_table_get(t, &fd, &out), -EBADF);
	assert_non_null(strstr(message(), "is a descriptor, and this is none"));
}

static int pidfd(pid_t pid)
{
	int fd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (fd < 0)
		skip();
	return fd;
}

static void task_storage(void **state)
{
	int me = pidfd(getpid()), parent = pidfd(getppid());

	(void)state;
	storage(make_table("BPF_TASK_STORAGE(t, u64);"), me, parent);
	close(me);
	close(parent);
}

static void sk_storage(void **state)
{
	int a = socket(AF_INET, SOCK_DGRAM, 0), b = socket(AF_INET, SOCK_DGRAM, 0);

	(void)state;
	storage(make_table("BPF_SK_STORAGE(t, u64);"), a, b);
	close(a);
	close(b);
}

/* The root of a cgroup file system that only this process sees; -1 when there cannot be one. */
static int cgroup_root(void)
{
	char dir[] = "/tmp/bcc-test-cgroup-XXXXXX";
	int fd = -1;

	if (!mkdtemp(dir))
		return -1;
	if (!unshare(CLONE_NEWNS) && !mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) &&
	    !mount("cgroup2", dir, "cgroup2", 0, NULL)) {
		fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
		umount2(dir, MNT_DETACH);
	}
	rmdir(dir);
	return fd;
}

static void cgrp_storage(void **state)
{
	int root = cgroup_root(), other = pidfd(getpid());
	struct bcc_table *t;
	uint64_t in = 3, out = 0;

	(void)state;
	if (root < 0) {
		print_message("skipped: no cgroup file system can be mounted\n");
		close(other);
		skip();
	}
	t = make_table("BPF_CGRP_STORAGE(t, u64);");
	check(ctx, bcc_table_set(t, &root, &in), 0);
	check(ctx, bcc_table_get(t, &root, &out), 0);
	assert_int_equal(out, 3);
	check(ctx, bcc_table_get(t, &other, &out), -EBADF);
	check(ctx, bcc_table_delete(t, &root), 0);
	assert_int_equal(bcc_table_get(t, &root, &out), -ENOENT);
	close(root);
	close(other);
}

/* Files have storage only where the BPF security module runs. */
static void inode_storage(void **state)
{
	int a = open("/proc/self/exe", O_RDONLY), b = open("/", O_RDONLY | O_DIRECTORY);
	struct bcc_table *t = make_table("BPF_INODE_STORAGE(t, u64);");
	uint64_t in = 1;
	int err = bcc_table_set(t, &a, &in);

	(void)state;
	if (!err) {
		bcc_table_delete(t, &a);
		storage(t, a, b);
	} else {
		assert_int_equal(bcc_diag_count(ctx), 1);
	}
	close(a);
	close(b);
}

/* --- the others that have a way of their own --- */

static void bloom_filter(void **state)
{
	struct bcc_table *t = make_table("BPF_BLOOM_FILTER(t, u32, 64);");
	uint32_t value = 5;

	(void)state;
	assert_int_equal(bcc_table_get(t, NULL, &value), -ENOENT);
	check(ctx, bcc_table_set(t, NULL, &value), 0);
	assert_int_equal(bcc_table_get(t, NULL, &value), 0);
	value = 6;
	assert_int_equal(bcc_table_get(t, NULL, &value), -ENOENT);
}

static void queues(void **state)
{
	struct bcc_module *mod = make("BPF_QUEUE(q, u64, 2); BPF_STACK(s, u64, 2);");
	uint64_t out, in[] = { 1, 2, 3 };

	(void)state;
	for (int i = 0; i < 2; i++) {
		struct bcc_table *t = bcc_module_table(mod, i ? "s" : "q");

		check(ctx, bcc_table_set(t, NULL, &in[0]), 0);
		check(ctx, bcc_table_set(t, NULL, &in[1]), 0);
		check(ctx, bcc_table_set(t, NULL, &in[2]), -E2BIG);
		check(ctx, bcc_table_get(t, NULL, &out), 0);
		assert_int_equal(out, i ? 2 : 1);
		check(ctx, bcc_table_clear(t), 0);
		assert_int_equal(bcc_table_get(t, NULL, &out), -ENOENT);
	}
}

static void prefixes(void **state)
{
	struct bcc_table *t = make_table("struct k { u32 prefixlen; u8 a[4]; };\n"
					 "BPF_LPM_TRIE(t, struct k, u32, 8);");
	char *text = NULL;

	(void)state;
	check(ctx, bcc_table_set_text(t, "{prefixlen = 8, a = [10, 0, 0, 0]}", "1"), 0);
	check(ctx, bcc_table_set_text(t, "{prefixlen = 24, a = [10, 1, 2, 0]}", "2"), 0);
	check(ctx, bcc_table_get_text(t, "{prefixlen = 32, a = [10, 1, 2, 3]}", &text), 0);
	assert_string_equal(text, "2");
	bcc_free(text);
	check(ctx, bcc_table_get_text(t, "{prefixlen = 32, a = [10, 9, 2, 3]}", &text), 0);
	assert_string_equal(text, "1");
	bcc_free(text);
	assert_int_equal(bcc_table_get_text(t, "{prefixlen = 32, a = [11, 0, 0, 1]}", &text),
			 -ENOENT);
}

/* Counters: the program reads what user space has opened for its CPU. */
static void perf_array(void **state)
{
	struct bcc_module *mod = make(
		"BPF_PERF_ARRAY(clock, 64);\nBPF_ARRAY(out, s64, 1);\n"
		"int raw_tracepoint__sys_enter(struct bpf_raw_tracepoint_args *ctx) {\n"
		"	struct bpf_perf_event_value v = {}; int zero = 0;\n"
		"	u32 cpu = bpf_get_smp_processor_id();\n"
		"	s64 r = clock.perf_counter_value(cpu, &v, sizeof(v));\n"
		"	if (r == 0) r = v.counter; out.update(&zero, &r); return 0; }\n");
	struct perf_event_attr attr = { .type = PERF_TYPE_SOFTWARE, .size = sizeof(attr),
					.config = PERF_COUNT_SW_CPU_CLOCK };
	struct bcc_table *clock = bcc_module_table(mod, "clock");
	int cpus = (int)sysconf(_SC_NPROCESSORS_ONLN), fds[64], zero = 0;
	int64_t r = 0;

	(void)state;
	run(mod, "raw_tracepoint__sys_enter");
	check(ctx, bcc_table_get(bcc_module_table(mod, "out"), &zero, &r), 0);
	assert_int_equal(r, -ENOENT);
	for (int i = 0; i < cpus && i < 64; i++) {
		fds[i] = (int)syscall(SYS_perf_event_open, &attr, -1, i, -1, PERF_FLAG_FD_CLOEXEC);
		if (fds[i] < 0)
			skip();
		check(ctx, bcc_table_set(clock, &i, &fds[i]), 0);
	}
	run(mod, "raw_tracepoint__sys_enter");
	check(ctx, bcc_table_get(bcc_module_table(mod, "out"), &zero, &r), 0);
	assert_true(r > 0);
	check(ctx, bcc_table_delete(clock, &zero), 0);
	check(ctx, bcc_table_get(clock, &zero, &r), -EOPNOTSUPP);
	for (int i = 0; i < cpus && i < 64; i++)
		close(fds[i]);
}

static int ignore(void *user, struct bcc_table *table, int cpu, const void *data, size_t size)
{
	(void)user, (void)table, (void)cpu, (void)data, (void)size;
	return 0;
}

/* Each buffer is told from what only looks like it. */
static void no_events(void **state)
{
	struct bcc_module *mod = make("BPF_PERF_ARRAY(counters, 4); BPF_PERF_OUTPUT(events);");
	uint32_t zero = 0;
	uint64_t value;

	(void)state;
	check(ctx, bcc_table_open_events(bcc_module_table(mod, "counters"), ignore, NULL), -EINVAL);
	assert_string_equal(message(), "table counters (perf_array) is no event buffer");
	check(ctx, bcc_table_get(bcc_module_table(mod, "events"), &zero, &value), -EINVAL);
	assert_non_null(strstr(bcc_diag_hint(bcc_diag_get(ctx, 0)), "bcc_table_open_events"));
}

static void no_events_of_a_user_ring(void **state)
{
	struct bcc_table *ring = make_table("BPF_USER_RINGBUF(ring, 1);");
	uint32_t zero = 0;
	uint64_t value;

	(void)state;
	check(ctx, bcc_table_open_events(ring, ignore, NULL), -EINVAL);
	check(ctx, bcc_table_get(ring, &zero, &value), -EINVAL);
	assert_non_null(strstr(bcc_diag_hint(bcc_diag_get(ctx, 0)), "bcc_table_fd"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup_context, teardown_context)
	const struct CMUnitTest tests[] = {
		TEST(every_kind),
		TEST(task_storage), TEST(sk_storage),
		TEST(cgrp_storage), TEST(inode_storage),
		TEST(bloom_filter), TEST(queues),
		TEST(prefixes),     TEST(perf_array),
		TEST(no_events),    TEST(no_events_of_a_user_ring),
	};

	need_bpf();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
