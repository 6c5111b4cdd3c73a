/*
 * The dialect in the running kernel: a text goes in, this process does something that can be
 * counted, and the tables and events must say exactly that. What the rewriter makes of a text is
 * compared in tests/rewriter; here it must also load, attach and be right.
 */
#include "runtime.h"

#include <bcc/bcc.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define CALLS 1000

struct fixture {
	struct bcc_context *ctx;
	struct bcc_module *mod;
	int descriptors;
};

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	BCC_OPTS(bcc_context_opts, opts, .compiler_path = TEST_COMPILER);

	*state = f;
	f->descriptors = bpf_descriptors();
	assert_int_equal(bcc_context_create(&opts, &f->ctx), 0);
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	bcc_context_destroy(f->ctx);
	assert_int_equal(bpf_descriptors(), f->descriptors);
	free(f);
	return 0;
}

/* Compiles with -DME=our pid and -DNR_GETPPID, without attaching. */
static void make(struct fixture *f, const char *text)
{
	char me[32], nr[32];
	const char *flags[] = { me, nr, NULL };
	BCC_OPTS(bcc_module_opts, opts, .name = "test.c", .cflags = flags);

	snprintf(me, sizeof(me), "-DME=%d", getpid());
	snprintf(nr, sizeof(nr), "-DNR_GETPPID=%d", (int)SYS_getppid);
	check(f->ctx, bcc_module_create(f->ctx, text, &opts, &f->mod), 0);
}

static void make_and_attach(struct fixture *f, const char *text, int programs)
{
	make(f, text);
	check(f->ctx, bcc_module_attach_all(f->mod), programs);
}

static struct bcc_table *table(struct fixture *f, const char *name)
{
	struct bcc_table *t = bcc_module_table(f->mod, name);

	assert_non_null(t);
	return t;
}

/* The value of a key in text form, as a number; -1 when it is not there. */
static long long value(struct fixture *f, const char *name, const char *key)
{
	char *text = NULL;
	long long n;

	if (bcc_table_get_text(table(f, name), key, &text) == -ENOENT)
		return -1;
	assert_non_null(text);
	n = strtoll(text, NULL, 0);
	bcc_free(text);
	return n;
}

static void call(int n)
{
	while (n--)
		syscall(SYS_getppid);
}

static void test_tracepoint_counts_exactly(void **state)
{
	struct fixture *f = *state;
	char key[16];

	make_and_attach(f,
		"BPF_HASH(counts, u32);\n"
		"TRACEPOINT_PROBE(raw_syscalls, sys_enter)\n"
		"{\n"
		"	u32 pid = bpf_get_current_pid_tgid() >> 32;\n"
		"	if (pid == ME && args->id == NR_GETPPID)\n"
		"		counts.increment(pid);\n"
		"	return 0;\n"
		"}\n", 1);
	call(CALLS);
	snprintf(key, sizeof(key), "%d", getpid());
	assert_int_equal(value(f, "counts", key), CALLS);
}

static void test_every_table_counts(void **state)
{
	struct fixture *f = *state;
	static const char *const hashes[] = { "h", "lru", "old" };
	char *text = NULL;

	make_and_attach(f,
		"BPF_HASH(h, u32, u64, 16);\n"
		"BPF_LRU_HASH(lru, u32, u64, 16);\n"
		"BPF_TABLE(\"hash\", u32, u32, old, 16);\n"
		"BPF_PERCPU_HASH(ph, u32, u64, 16);\n"
		"BPF_ARRAY(a, u64, 4);\n"
		"BPF_PERCPU_ARRAY(pa, u64, 4);\n"
		"BPF_HISTOGRAM(dist);\n"
		"RAW_TRACEPOINT_PROBE(sys_enter)\n"
		"{\n"
		"	u32 k = 2; u64 one = 1, *v;\n"
		"	if (bpf_get_current_pid_tgid() >> 32 != ME || ctx->args[1] != NR_GETPPID)\n"
		"		return 0;\n"
		"	h.increment(k);\n"
		"	lru.increment(k, 2);\n"
		"	old.atomic_increment(k);\n"
		"	ph.increment(k);\n"
		"	a.increment(k);\n"
		"	pa.increment(k, 3);\n"
		"	dist.increment(bpf_log2l(1000));\n"
		"	v = h.lookup_or_try_init(&k, &one);\n"
		"	if (v && *v == 10)\n"
		"		h.delete(&k);\n"
		"	return 0;\n"
		"}\n", 1);
	call(100);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(value(f, hashes[i], "2"), i == 0 ? -1 : i == 1 ? 200 : 100);
	assert_int_equal(value(f, "a", "2"), 100);
	assert_int_equal(value(f, "dist", "10"), 100);
	assert_int_equal(bcc_table_histogram_dup(table(f, "dist"), NULL, &text), 0);
	assert_non_null(strstr(text, "512 -> 1023       : 100"));
	bcc_free(text);
}

static uint64_t sum_percpu(struct bcc_table *t, uint32_t key)
{
	char *buffer = calloc(1, bcc_table_buffer_size(t));
	uint64_t sum = 0, one;

	assert_int_equal(bcc_table_get(t, &key, buffer), 0);
	for (size_t i = 0; i < bcc_table_values(t); i++) {
		memcpy(&one, buffer + i * bcc_table_value_stride(t), sizeof(one));
		sum += one;
	}
	free(buffer);
	return sum;
}

static void test_percpu_tables_count(void **state)
{
	struct fixture *f = *state;

	make_and_attach(f,
		"BPF_PERCPU_HASH(ph, u32, u64, 16);\n"
		"BPF_PERCPU_ARRAY(pa, u64, 4);\n"
		"RAW_TRACEPOINT_PROBE(sys_enter)\n"
		"{\n"
		"	u32 k = 2;\n"
		"	if (bpf_get_current_pid_tgid() >> 32 != ME || ctx->args[1] != NR_GETPPID)\n"
		"		return 0;\n"
		"	ph.increment(k);\n"
		"	pa.increment(k, 3);\n"
		"	return 0;\n"
		"}\n", 1);
	call(CALLS);
	assert_int_equal(sum_percpu(table(f, "ph"), 2), CALLS);
	assert_int_equal(sum_percpu(table(f, "pa"), 2), 3 * CALLS);
}

/* Kernel pointers through members, macros, helpers, casts and tables all give the same answer. */
static void test_pointers_are_followed(void **state)
{
	struct fixture *f = *state;
	static const char *const ways[] = { "0", "1", "2", "3", "4", "5", "6", "7", "8" };

	make_and_attach(f,
		"#include <linux/sched.h>\n"
		"struct box { struct task_struct *t; int other; };\n"
		"BPF_HASH(found, u32, u64);\n"
		"BPF_HASH(kept, u32, struct task_struct *);\n"
		"BPF_HASH(boxes, u32, struct box);\n"
		"#define PARENT(t) ((t)->real_parent->tgid)\n"
		"static u32 parent(struct task_struct *t) { return t->real_parent->tgid; }\n"
		"static void note(u32 way, u64 pid) { found.update(&way, &pid); }\n"
		"RAW_TRACEPOINT_PROBE(sys_enter)\n"
		"{\n"
		"	struct task_struct *t, *read, **pp, *p;\n"
		"	u64 address; u32 zero = 0;\n"
		"	struct box box = {}, *b;\n"
		"	if (bpf_get_current_pid_tgid() >> 32 != ME || ctx->args[1] != NR_GETPPID)\n"
		"		return 0;\n"
		"	t = (struct task_struct *)bpf_get_current_task();\n"
		"	note(0, t->real_parent->tgid);\n"
		"	note(1, PARENT(t));\n"
		"	note(2, parent(t));\n"
		"	bpf_probe_read_kernel(&read, sizeof(read), &t->real_parent);\n"
		"	note(3, read->tgid);\n"
		"	address = (u64)t->real_parent;\n"
		"	note(4, ((struct task_struct *)address)->tgid);\n"
		"	kept.update(&zero, &t);\n"
		"	pp = kept.lookup(&zero);\n"
		"	if (pp)\n"
		"		note(5, (*pp)->real_parent->tgid);\n"
		"	box.t = t;\n"
		"	boxes.update(&zero, &box);\n"
		"	b = boxes.lookup(&zero);\n"
		"	if (b)\n"
		"		note(6, b->t->real_parent->tgid);\n"
		"	p = zero ? t : t->group_leader;\n"
		"	note(7, p->real_parent->tgid);\n"
		"	note(8, ({ struct task_struct *x = t; x->real_parent->tgid; }));\n"
		"	return 0;\n"
		"}\n", 1);
	call(1);
	for (size_t i = 0; i < sizeof(ways) / sizeof(*ways); i++)
		assert_int_equal(value(f, "found", ways[i]), getppid());
}

static void test_user_pointers_are_read_as_such(void **state)
{
	struct fixture *f = *state;
	char *text = NULL;

	make_and_attach(f,
		"struct name_t { char s[32]; };\n"
		"BPF_HASH(names, u32, struct name_t);\n"
		"TRACEPOINT_PROBE(syscalls, sys_enter_openat)\n"
		"{\n"
		"	struct name_t n = {};\n"
		"	u32 first = args->filename[0];\n"
		"	if (bpf_get_current_pid_tgid() >> 32 != ME)\n"
		"		return 0;\n"
		"	bpf_probe_read_user_str(n.s, sizeof(n.s), args->filename);\n"
		"	names.update(&first, &n);\n"
		"	return 0;\n"
		"}\n", 1);
	assert_int_equal(syscall(SYS_openat, AT_FDCWD, "/nowhere/at/all", O_RDONLY), -1);
	assert_int_equal(bcc_table_get_text(table(f, "names"), "47", &text), 0); /* '/' */
	assert_string_equal(text, "{s = \"/nowhere/at/all\"}");
	bcc_free(text);
}

struct seen {
	unsigned count;
	uint64_t sum;
	const struct bcc_type *type;
};

static int on_event(void *user, struct bcc_table *t, int cpu, const void *data, size_t size)
{
	struct seen *seen = user;
	struct bcc_member m;
	uint64_t n;
	(void)cpu;

	assert_true(size >= bcc_type_size(bcc_table_event_type(t)));
	assert_int_equal(bcc_type_member(bcc_table_event_type(t), 1, &m), 0);
	assert_string_equal(m.name, "n");
	memcpy(&n, (const char *)data + m.bit_offset / 8, sizeof(n));
	seen->sum += n;
	seen->count++;
	return 0;
}

static void events_arrive(struct fixture *f, const char *text)
{
	struct seen seen = { 0 };
	BCC_OPTS(bcc_events_opts, opts, .user = &seen);

	make_and_attach(f, text, 1);
	check(f->ctx, bcc_table_open_events(table(f, "events"), on_event, &opts), 0);
	assert_string_equal(bcc_type_name(bcc_table_event_type(table(f, "events"))),
			    "struct data_t");
	for (int i = 1; i <= 100; i++)
		syscall(SYS_getppid, i);
	while (seen.count < 100)
		assert_true(bcc_context_poll(f->ctx, 5000) > 0);
	assert_int_equal(bcc_context_poll(f->ctx, 0), 0);
	assert_int_equal(seen.sum, 5050);
	assert_int_equal(bcc_table_lost(table(f, "events")), 0);
}

#define EVENT_TEXT(declaration, submit) \
	"struct data_t { u32 pid; u64 n; char comm[TASK_COMM_LEN]; };\n" \
	"#include <linux/sched.h>\n" \
	declaration \
	"RAW_TRACEPOINT_PROBE(sys_enter)\n" \
	"{\n" \
	"	struct pt_regs *regs = (struct pt_regs *)ctx->args[0];\n" \
	"	struct data_t data = {};\n" \
	"	if (bpf_get_current_pid_tgid() >> 32 != ME || ctx->args[1] != NR_GETPPID)\n" \
	"		return 0;\n" \
	"	data.pid = ME;\n" \
	"	data.n = PT_REGS_PARM1(regs);\n" \
	"	bpf_get_current_comm(&data.comm, sizeof(data.comm));\n" \
	submit \
	"	return 0;\n" \
	"}\n"

static void test_perf_events(void **state)
{
	events_arrive(*state, "#define TASK_COMM_LEN 16\n"
		      EVENT_TEXT("BPF_PERF_OUTPUT(events);\n",
				 "	events.perf_submit(ctx, &data, sizeof(data));\n"));
}

static void test_ring_events(void **state)
{
	events_arrive(*state, "#define TASK_COMM_LEN 16\n"
		      EVENT_TEXT("BPF_RINGBUF_OUTPUT(events, 8);\n",
				 "	events.ringbuf_output(&data, sizeof(data), 0);\n"));
}

/* A ring that is too small: what did not fit is counted, none is lost in silence. */
static void test_ring_loss_is_counted(void **state)
{
	struct fixture *f = *state;
	struct seen seen = { 0 };
	BCC_OPTS(bcc_events_opts, opts, .user = &seen);

	make_and_attach(f, "#define TASK_COMM_LEN 16\n"
			EVENT_TEXT("BPF_RINGBUF_OUTPUT(events, 1);\n",
				   "	struct data_t *r = events.ringbuf_reserve(sizeof(*r));\n"
				   "	if (!r)\n"
				   "		return 0;\n"
				   "	*r = data;\n"
				   "	events.ringbuf_submit(r, 0);\n"), 1);
	check(f->ctx, bcc_table_open_events(table(f, "events"), on_event, &opts), 0);
	call(CALLS);
	while (bcc_context_poll(f->ctx, 0) > 0)
		;
	assert_true(seen.count > 0 && seen.count < CALLS);
	assert_int_equal(seen.count + bcc_table_lost(table(f, "events")), CALLS);
}

__attribute__((noinline)) long traced_function(long a, const char *text)
{
	__asm__ volatile("" ::: "memory");
	return a + text[0];
}

static void test_uprobe_binds_arguments(void **state)
{
	struct fixture *f = *state;
	char self[4096] = "";

	make(f, "BPF_HASH(seen, u64, u64);\n"
		"int enter(struct pt_regs *ctx, long a, char *text)\n"
		"{\n"
		"	u64 k = a, first = *text;\n"
		"	if (bpf_get_current_pid_tgid() >> 32 == ME)\n"
		"		seen.update(&k, &first);\n"
		"	return 0;\n"
		"}\n"
		"int leave(struct pt_regs *ctx)\n"
		"{\n"
		"	u64 k = 1000 + PT_REGS_RC(ctx), v = 1;\n"
		"	if (bpf_get_current_pid_tgid() >> 32 == ME)\n"
		"		seen.update(&k, &v);\n"
		"	return 0;\n"
		"}\n");
	assert_true(readlink("/proc/self/exe", self, sizeof(self) - 1) > 0);
	for (int i = 0; i < 2; i++) {
		char hook[4200];

		snprintf(hook, sizeof(hook), "%s:%s:traced_function", i ? "uretprobe" : "uprobe",
			 self);
		check(f->ctx, bcc_program_attach(bcc_module_program(f->mod, i ? "leave" : "enter"),
						 hook, NULL, NULL), 0);
	}
	assert_int_equal(traced_function(7, "A"), 72);
	assert_int_equal(value(f, "seen", "7"), 'A');
	assert_int_equal(value(f, "seen", "1072"), 1);
}

static void test_stacks(void **state)
{
	struct fixture *f = *state;
	struct bcc_table_iter *iter;
	const void *key, *stack;
	int found = 0;

	make_and_attach(f,
		"BPF_STACK_TRACE(stacks, 64);\n"
		"BPF_HASH(ids, int);\n"
		"RAW_TRACEPOINT_PROBE(sys_enter)\n"
		"{\n"
		"	int id;\n"
		"	if (bpf_get_current_pid_tgid() >> 32 != ME || ctx->args[1] != NR_GETPPID)\n"
		"		return 0;\n"
		"	id = stacks.get_stackid(ctx, BPF_F_USER_STACK);\n"
		"	if (id >= 0)\n"
		"		ids.increment(id);\n"
		"	return 0;\n"
		"}\n", 1);
	call(1);
	assert_int_equal(bcc_table_iter_create(table(f, "ids"), &iter), 0);
	while (bcc_table_iter_next(iter, &key, &stack) > 0) {
		uint64_t ips[127] = { 0 };

		assert_int_equal(bcc_table_get(table(f, "stacks"), key, ips), 0);
		assert_true(ips[0] != 0);
		found++;
	}
	bcc_table_iter_destroy(iter);
	assert_int_equal(found, 1);
}

/* Globals, string constants, loops and functions that are not inlined. */
static void test_beyond_the_dialect(void **state)
{
	struct fixture *f = *state;

	make_and_attach(f,
		"BPF_HASH(out, u32, u64);\n"
		"static u64 total;\n"
		"const volatile u32 step = 3;\n"
		"static __attribute__((noinline)) u64 twice(u64 v) { return 2 * v; }\n"
		"SEC(\"raw_tp/sys_enter\")\n"
		"int on_enter(struct bpf_raw_tracepoint_args *ctx)\n"
		"{\n"
		"	u32 k = 0;\n"
		"	if (bpf_get_current_pid_tgid() >> 32 != ME || ctx->args[1] != NR_GETPPID)\n"
		"		return 0;\n"
		"	for (int i = 0; i < 4; i++)\n"
		"		total += twice(step);\n"
		"	out.update(&k, &total);\n"
		"	return 0;\n"
		"}\n", 1);
	call(2);
	assert_int_equal(value(f, "out", "0"), 48);
}

static void test_printk_with_many_values(void **state)
{
	struct fixture *f = *state;
	char wanted[64], line[4096];
	bool begin = false, end = false; /* on two lines where the kernel prints three values */
	int fd, tries = 0;

	make_and_attach(f,
		"RAW_TRACEPOINT_PROBE(sys_enter)\n"
		"{\n"
		"	if (bpf_get_current_pid_tgid() >> 32 == ME && ctx->args[1] == NR_GETPPID)\n"
		"		bpf_trace_printk(\"bcc-test %d %d %d %s %d\\n\", ME, 2, 3, \"x\", 5);\n"
		"	return 0;\n"
		"}\n", 1);
	fd = bcc_context_open_trace_pipe(f->ctx, true);
	if (fd == -EBUSY)
		skip(); /* somebody else reads it */
	assert_true(fd >= 0);
	call(1);
	snprintf(wanted, sizeof(wanted), "bcc-test %d 2 3 ", getpid());
	while (!begin || !end) {
		ssize_t n = read(fd, line, sizeof(line) - 1);

		if (n > 0) {
			line[n] = '\0';
			begin |= strstr(line, wanted) != NULL;
			end |= begin && strstr(line, "x 5");
			continue;
		}
		assert_true(tries++ < 100);
		usleep(20000);
	}
	close(fd);
}

static void test_perf_clock(void **state)
{
	struct fixture *f = *state;
	BCC_OPTS(bcc_attach_opts, opts, .pid = getpid());
	volatile uint64_t spin = 0;

	make(f, "BPF_HASH(counts, u32);\n"
		"int on_tick(struct bpf_perf_event_data *ctx)\n"
		"{\n"
		"	u32 pid = bpf_get_current_pid_tgid() >> 32;\n"
		"	counts.increment(pid);\n"
		"	return 0;\n"
		"}\n");
	check(f->ctx, bcc_program_attach(bcc_module_program(f->mod, "on_tick"),
					 "perf:cpu-clock:freq=999", &opts, NULL), 0);
	for (int i = 0; i < 200000000; i++)
		spin += i;
	{
		char key[16];

		snprintf(key, sizeof(key), "%d", getpid());
		assert_true(value(f, "counts", key) > 10);
	}
}

/* Each is refused with a diagnostic that has a place, and leaves nothing behind (teardown). */
static void test_refused_texts(void **state)
{
	static const struct {
		const char *text, *message;
		unsigned line;
	} cases[] = {
		{ "int f(struct pt_regs *ctx)\n{\n\treturn 0\n}\n", "expected ';'", 3 },
		{ "BPF_HASH(h);\nint f(struct pt_regs *ctx)\n{\n\treturn h.luokup(0) != 0;\n}\n",
		  "has no method 'luokup'", 4 },
		{ "\nTRACEPOINT_PROBE(syscalls, sys_enter_opnat)\n{\n\treturn 0;\n}\n",
		  "no tracepoint", 2 },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const struct bcc_diag *d;

		assert_int_equal(bcc_module_create(f->ctx, cases[i].text, NULL, &f->mod),
				 BCC_ERR_COMPILE);
		d = bcc_diag_get(f->ctx, 0);
		assert_non_null(d);
		assert_non_null(strstr(bcc_diag_message(d), cases[i].message));
		assert_int_equal(bcc_diag_line(d), cases[i].line);
		assert_true(bcc_diag_column(d) > 0);
		assert_non_null(bcc_diag_source_line(d));
	}
}

static void test_verifier_shows_the_users_line(void **state)
{
	struct fixture *f = *state;
	const struct bcc_diag *d;

	make(f, "struct val_t { u64 a, b; };\n"
		"BPF_HASH(h, u32, struct val_t);\n"
		"\n"
		"RAW_TRACEPOINT_PROBE(sys_enter)\n"
		"{\n"
		"	u32 k = 1;\n"
		"	struct val_t *v = h.lookup(&k);\n"
		"\n"
		"	return v->b;\n"
		"}\n");
	assert_int_equal(bcc_module_attach_all(f->mod), BCC_ERR_VERIFIER);
	d = bcc_diag_get(f->ctx, 0);
	assert_int_equal(bcc_diag_line(d), 9);
	assert_string_equal(bcc_diag_source_line(d), "\treturn v->b;");
	assert_non_null(bcc_diag_hint(d));
	assert_non_null(bcc_diag_log(d));
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
		T(test_tracepoint_counts_exactly),
		T(test_every_table_counts),
		T(test_percpu_tables_count),
		T(test_pointers_are_followed),
		T(test_user_pointers_are_read_as_such),
		T(test_perf_events),
		T(test_ring_events),
		T(test_ring_loss_is_counted),
		T(test_uprobe_binds_arguments),
		T(test_stacks),
		T(test_beyond_the_dialect),
		T(test_printk_with_many_values),
		T(test_perf_clock),
		T(test_refused_texts),
		T(test_verifier_shows_the_users_line),
	};

	need_bpf();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
