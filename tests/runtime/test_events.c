/*
 * Event buffers: every record arrives once or is counted as lost, on both kinds, from all CPUs; and
 * callbacks may do what callbacks do: stop, close, destroy, open.
 *
 * Records come from the test's own runs of a program (BPF_PROG_TEST_RUN), so the counts are exact.
 */
#include "fixture.h"

#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/time.h>
#include <time.h>

#include <bpf/bpf.h>

struct record {
	uint64_t number;
	uint32_t cpu;
	char comm[16];
};

struct source {
	const char *table;
	const char *program;
	uint32_t counter;
};

static const struct source tiny = { "tiny", "to_tiny", 0 };
static const struct source ring = { "ring", "to_ring", 1 };
static const struct source perf = { "perf", "to_perf", 2 };

static struct fixture f;

struct seen {
	uint64_t received;
	uint64_t lost;
	uint64_t last;
	int answer; /* what the callback returns */
	int cpu;
};

static size_t open_fds;

static size_t count_fds(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static int setup(void **state)
{
	(void)state;
	open_fds = count_fds();
	return open_fixture(&f, "events");
}

/* Whatever the test did, destroying the context leaves no descriptor behind. */
static int teardown(void **state)
{
	(void)state;
	bcc_context_destroy(f.ctx);
	f = (struct fixture){};
	return count_fds() == open_fds ? 0 : -1;
}

static int program(const struct source *s)
{
	struct bcc_program *prog = bcc_module_program(f.mod, s->program);

	assert_non_null(prog);
	assert_int_equal(bcc_program_load(prog), 0);
	return bcc_program_fd(prog);
}

/* Runs a program n times on this CPU: n records. */
static int run(int fd, uint32_t n)
{
	static const char packet[64];
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = packet, .data_size_in = sizeof(packet),
		    .repeat = (int)n);

	return bpf_prog_test_run_opts(fd, &opts);
}

static uint64_t produced(const struct source *s)
{
	uint64_t n = 0;

	assert_int_equal(bcc_table_get(table(&f, "produced"), &s->counter, &n), 0);
	return n;
}

static int on_event(void *user, struct bcc_table *t, int cpu, const void *data, size_t size)
{
	const struct record *r = data;
	struct seen *seen = user;

	assert_true(size >= sizeof(*r) && size < sizeof(*r) + 8);
	assert_int_equal((uintptr_t)data % 8, 0);
	assert_string_equal(r->comm, "events");
	assert_non_null(bcc_table_name(t));
	if (cpu >= 0)
		assert_int_equal(cpu, r->cpu);
	seen->cpu = cpu;
	seen->last = r->number;
	seen->received++;
	return seen->answer;
}

static void on_lost(void *user, struct bcc_table *t, uint64_t count)
{
	struct seen *seen = user;

	assert_non_null(t);
	assert_true(count > 0);
	seen->lost += count;
}

static void open_source(const struct source *s, struct seen *seen)
{
	BCC_OPTS(bcc_events_opts, opts, .pages = 1, .on_lost = on_lost, .user = seen);

	assert_int_equal(bcc_table_open_events(table(&f, s->table), on_event, &opts), 0);
}

static uint64_t drain(void)
{
	uint64_t sum = 0;
	int n;

	while ((n = bcc_context_dispatch(f.ctx)) > 0)
		sum += (uint64_t)n;
	assert_int_equal(n, 0);
	return sum;
}

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

static void check_in_order(const struct source *s)
{
	struct seen seen = {};
	int fd = program(s);
	int64_t start;

	open_source(s, &seen);
	assert_string_equal(bcc_type_name(bcc_table_event_type(table(&f, s->table))),
			    "struct record");
	for (uint32_t i = 0; i < 50; i++) {
		assert_int_equal(run(fd, 1), 0);
		assert_int_equal(bcc_context_poll(f.ctx, 1000), 1);
		assert_int_equal(seen.last, i);
	}
	assert_int_equal(run(fd, 10), 0);
	assert_int_equal(bcc_context_poll(f.ctx, -1), 10);
	assert_int_equal(seen.received, 60);
	assert_int_equal(seen.cpu < 0, s != &perf);
	start = now_ms();
	assert_int_equal(bcc_context_poll(f.ctx, 60), 0);
	assert_true(now_ms() - start >= 60);
	assert_int_equal(bcc_table_lost(table(&f, s->table)), 0);
	bcc_table_close_events(table(&f, s->table));
	bcc_table_close_events(table(&f, s->table));
	assert_int_equal(seen.lost, 0);
}

static void in_order_ring(void **state)
{
	(void)state;
	check_in_order(&ring);
}

static void in_order_perf(void **state)
{
	(void)state;
	check_in_order(&perf);
}

/* More than fits, before anyone reads. */
static void check_overload(const struct source *s)
{
	struct bcc_table *t = table(&f, s->table);
	struct seen seen = {};
	int fd = program(s);

	open_source(s, &seen);
	for (int round = 1; round <= 3; round++) {
		assert_int_equal(run(fd, 5000), 0);
		assert_int_equal(produced(s), round * 5000);
		drain();
		assert_int_equal(seen.received + bcc_table_lost(t), round * 5000);
		assert_true(bcc_table_lost(t) > 0);
	}
	/* What the kernel could not yet report in the buffer is reported at the end. */
	bcc_table_close_events(t);
	assert_int_equal(seen.received + seen.lost, 15000);
	assert_int_equal(bcc_table_lost(t), seen.lost);
	/* And a second opening begins where the first ended. */
	open_source(s, &seen);
	assert_int_equal(run(fd, 5000), 0);
	drain();
	assert_int_equal(seen.received + bcc_table_lost(t), 20000);
	bcc_table_close_events(t);
	assert_int_equal(seen.received + seen.lost, 20000);
}

static void overload_ring(void **state)
{
	(void)state;
	check_overload(&tiny);
}

static void overload_perf(void **state)
{
	(void)state;
	check_overload(&perf);
}

struct producer {
	int fd;
	int cpu;
	uint32_t runs;
	uint32_t records;
	atomic_int *left;
};

static void *produce(void *arg)
{
	struct producer *p = arg;
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(p->cpu, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
	for (uint32_t i = 0; i < p->runs; i++)
		run(p->fd, p->records);
	atomic_fetch_sub(p->left, 1);
	return NULL;
}

/* Several producers, two on each CPU, while the records are read. */
static void check_all_cpus(const struct source *s)
{
	int n = 2 * (int)sysconf(_SC_NPROCESSORS_ONLN), fd = program(s);
	struct producer *producers = calloc((size_t)n, sizeof(*producers));
	pthread_t *threads = calloc((size_t)n, sizeof(*threads));
	struct bcc_table *t = table(&f, s->table);
	struct seen seen = {};
	atomic_int left = n;

	open_source(s, &seen);
	for (int i = 0; i < n; i++) {
		producers[i] = (struct producer){ fd, i / 2, 200, 100, &left };
		assert_int_equal(pthread_create(&threads[i], NULL, produce, &producers[i]), 0);
	}
	while (atomic_load(&left) > 0)
		assert_true(bcc_context_poll(f.ctx, 10) >= 0);
	for (int i = 0; i < n; i++)
		pthread_join(threads[i], NULL);
	drain();
	assert_int_equal(produced(s), n * 20000);
	assert_int_equal(seen.received + bcc_table_lost(t), produced(s));
	bcc_table_close_events(t);
	assert_int_equal(seen.received + seen.lost, produced(s));
	free(producers);
	free(threads);
}

static void all_cpus_ring(void **state)
{
	(void)state;
	check_all_cpus(&tiny);
}

static void all_cpus_perf(void **state)
{
	(void)state;
	check_all_cpus(&perf);
}

/* A callback that stops: its value comes back, and no record is lost by it. */
static void check_stop(const struct source *s)
{
	struct pollfd pfd = { .fd = bcc_context_fd(f.ctx), .events = POLLIN };
	struct seen seen = { .answer = -1234 };
	int fd = program(s);

	open_source(s, &seen);
	assert_int_equal(run(fd, 5), 0);
	for (int i = 1; i <= 5; i++) {
		assert_int_equal(poll(&pfd, 1, 1000), 1);
		assert_int_equal(bcc_context_dispatch(f.ctx), -1234);
		assert_int_equal(seen.received, i);
	}
	assert_int_equal(bcc_context_dispatch(f.ctx), 0);
	seen.answer = 1;
	assert_int_equal(run(fd, 1), 0);
	assert_int_equal(bcc_context_poll(f.ctx, 1000), 1);
	bcc_table_close_events(table(&f, s->table));
}

static void stop_ring(void **state)
{
	(void)state;
	check_stop(&ring);
}

static void stop_perf(void **state)
{
	(void)state;
	check_stop(&perf);
}

/* Another loop waits on the descriptor. */
static void foreign_loop(void **state)
{
	struct pollfd pfd = { .fd = bcc_context_fd(f.ctx), .events = POLLIN };
	struct seen seen = {};
	int fds[] = { program(&ring), program(&perf) };

	(void)state;
	assert_true(pfd.fd >= 0);
	open_source(&ring, &seen);
	open_source(&perf, &seen);
	assert_int_equal(poll(&pfd, 1, 0), 0);
	for (int i = 0; i < 20; i++) {
		assert_int_equal(run(fds[i % 2], 3), 0);
		assert_int_equal(poll(&pfd, 1, 1000), 1);
		/* Somebody may look twice. */
		poll(&pfd, 1, 0);
		assert_int_equal(bcc_context_dispatch(f.ctx), 3);
	}
}

static void opening(void **state)
{
	BCC_OPTS(bcc_events_opts, odd, .pages = 3);
	struct seen seen = {};

	(void)state;
	open_source(&ring, &seen);
	assert_int_equal(bcc_table_open_events(table(&f, "ring"), on_event, NULL), -EBUSY);
	assert_string_equal(message(&f), "the events of ring are open already");
	assert_int_equal(bcc_table_open_events(table(&f, "produced"), on_event, NULL), -EINVAL);
	assert_string_equal(message(&f), "table produced (array) is no event buffer");
	assert_int_equal(bcc_table_open_events(table(&f, "perf"), on_event, &odd), -EINVAL);
	assert_int_equal(bcc_table_open_events(table(&f, "perf"), NULL, NULL), -EINVAL);
	assert_int_equal(bcc_table_open_events(NULL, on_event, NULL), -EINVAL);
	assert_int_equal(bcc_table_open_events(table(&f, "perf"), on_event, NULL), 0);
	bcc_table_close_events(NULL);
	assert_int_equal(bcc_table_lost(NULL), 0);
	assert_int_equal(bcc_context_poll(NULL, 0), -EINVAL);
}

static int closes_itself(void *user, struct bcc_table *t, int cpu, const void *data, size_t size)
{
	(void)cpu;
	(void)data;
	(void)size;
	++*(int *)user;
	bcc_table_close_events(t);
	return 0;
}

static int destroys_module(void *user, struct bcc_table *t, int cpu, const void *data, size_t size)
{
	(void)cpu;
	(void)data;
	(void)size;
	++*(int *)user;
	bcc_module_destroy(bcc_table_module(t));
	f.mod = NULL;
	return 0;
}

static int destroys_context(void *user, struct bcc_table *t, int cpu, const void *data, size_t size)
{
	(void)t;
	(void)cpu;
	(void)data;
	(void)size;
	++*(int *)user;
	bcc_context_destroy(f.ctx);
	f = (struct fixture){};
	return 0;
}

static int opens_and_polls(void *user, struct bcc_table *t, int cpu, const void *data, size_t size)
{
	(void)cpu;
	(void)data;
	(void)size;
	++*(int *)user;
	assert_int_equal(bcc_context_poll(f.ctx, 0), -EBUSY);
	if (!strcmp(bcc_table_name(t), "ring") && *(int *)user == 1) {
		BCC_OPTS(bcc_events_opts, opts, .user = user);

		assert_int_equal(bcc_table_open_events(table(&f, "perf"), opens_and_polls, &opts),
				 0);
		bcc_table_close_events(t);
		assert_int_equal(bcc_table_open_events(t, opens_and_polls, &opts), -EBUSY);
	}
	return 0;
}

/* The callback is called this often, and what is left works on. */
static int check_callback(const struct source *s, bcc_event_fn fn, uint32_t records)
{
	int calls = 0, fd = program(s), ret;
	BCC_OPTS(bcc_events_opts, opts, .user = &calls);

	assert_int_equal(bcc_table_open_events(table(&f, s->table), fn, &opts), 0);
	assert_int_equal(run(fd, records), 0);
	ret = bcc_context_poll(f.ctx, 1000);
	assert_int_equal(ret, calls);
	if (f.ctx)
		assert_int_equal(bcc_context_poll(f.ctx, 0), 0);
	return calls;
}

static void callback_closes(void **state)
{
	struct seen seen = {};

	(void)state;
	assert_int_equal(check_callback(&ring, closes_itself, 3), 1);
	assert_int_equal(check_callback(&perf, closes_itself, 3), 1);
	open_source(&ring, &seen);
	assert_int_equal(drain(), 2);
}

static void callback_destroys_module_ring(void **state)
{
	(void)state;
	assert_int_equal(check_callback(&ring, destroys_module, 3), 1);
}

static void callback_destroys_module_perf(void **state)
{
	(void)state;
	assert_int_equal(check_callback(&perf, destroys_module, 3), 1);
}

static void callback_destroys_context(void **state)
{
	(void)state;
	assert_int_equal(check_callback(&perf, destroys_context, 3), 1);
}

static void callback_opens(void **state)
{
	int calls = 0;
	BCC_OPTS(bcc_events_opts, opts, .user = &calls);

	(void)state;
	assert_int_equal(check_callback(&ring, opens_and_polls, 3), 1);
	assert_int_equal(run(program(&perf), 2), 0);
	bcc_table_close_events(table(&f, "perf"));
	assert_int_equal(bcc_table_open_events(table(&f, "perf"), opens_and_polls, &opts), 0);
	assert_int_equal(run(program(&perf), 2), 0);
	assert_int_equal(bcc_context_poll(f.ctx, 1000), 2);
	assert_int_equal(calls, 2);
}

static int feeds_itself(void *user, struct bcc_table *t, int cpu, const void *data, size_t size)
{
	(void)t;
	(void)cpu;
	(void)data;
	(void)size;
	return run(*(int *)user, 1);
}

/* A program that traces what the callback does never runs dry: the dispatch ends all the same. */
static void endless(void **state)
{
	int fd = program(&ring);
	struct pollfd pfd = { .fd = bcc_context_fd(f.ctx), .events = POLLIN };
	BCC_OPTS(bcc_events_opts, opts, .user = &fd);

	(void)state;
	assert_int_equal(bcc_table_open_events(table(&f, "ring"), feeds_itself, &opts), 0);
	assert_int_equal(run(fd, 1), 0);
	for (int i = 0; i < 2; i++) {
		assert_true(bcc_context_poll(f.ctx, 1000) > 0);
		assert_int_equal(poll(&pfd, 1, 1000), 1);
	}
	bcc_table_close_events(table(&f, "ring"));
}

static void ignore(int signal)
{
	(void)signal;
}

static void interrupted(void **state)
{
	const struct sigaction action = { .sa_handler = ignore };
	const struct itimerval timer = { .it_value.tv_usec = 50000 };

	(void)state;
	sigaction(SIGALRM, &action, NULL);
	setitimer(ITIMER_REAL, &timer, NULL);
	assert_int_equal(bcc_context_poll(f.ctx, -1), -EINTR);
}

static void trace_pipe(void **state)
{
	int fd = bcc_context_open_trace_pipe(f.ctx, true);

	(void)state;
	if (fd < 0) {
		assert_int_equal(bcc_diag_count(f.ctx), 1);
		print_message("no trace pipe: %s\n", message(&f));
		return;
	}
	assert_true(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	assert_true(fcntl(fd, F_GETFL) & O_NONBLOCK);
	close(fd);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(in_order_ring), TEST(in_order_perf), TEST(overload_ring), TEST(overload_perf),
		TEST(all_cpus_ring), TEST(all_cpus_perf), TEST(stop_ring), TEST(stop_perf),
		TEST(foreign_loop), TEST(opening), TEST(callback_closes),
		TEST(callback_destroys_module_ring), TEST(callback_destroys_module_perf),
		TEST(callback_destroys_context), TEST(callback_opens), TEST(endless),
		TEST(interrupted), TEST(trace_pipe),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
