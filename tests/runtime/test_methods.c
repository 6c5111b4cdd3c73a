/*
 * Methods and forms of the dialect that need a packet, a cgroup or a counter: each in a program that
 * the kernel runs once for the test (BPF_PROG_TEST_RUN), with exact results.
 */
#include "in_context.h"
#include "network.h"

#include <bcc/bcc.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/perf_event.h>
#include <sys/mount.h>
#include <sys/syscall.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

static struct bcc_table *table_of(struct bcc_module *mod, const char *name)
{
	struct bcc_table *t = bcc_module_table(mod, name);

	assert_non_null(t);
	return t;
}

/* Runs a program; what it returned. */
static int run(struct bcc_module *mod, const char *name, struct bpf_test_run_opts *opts)
{
	struct bcc_program *prog = bcc_module_program(mod, name);

	assert_non_null(prog);
	check(ctx, bcc_program_load(prog), 0);
	assert_int_equal(bpf_prog_test_run_opts(bcc_program_fd(prog), opts), 0);
	return (int)opts->retval;
}

static int run_bare(struct bcc_module *mod, const char *name)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts);

	return run(mod, name, &opts);
}

static int run_packet(struct bcc_module *mod, const char *name)
{
	static const unsigned char frame[64] = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = sizeof(frame));

	return run(mod, name, &opts);
}

/* --- packets --- */

static uint16_t checksum(const unsigned char *p, size_t size)
{
	uint32_t sum = 0;

	for (size_t i = 0; i < size; i += 2)
		sum += (uint32_t)p[i] << 8 | p[i + 1];
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

/* Fields are read in host order and written back, and the checksum follows. */
static void packet_language(void **state)
{
	struct bcc_module *mod = make(
		"#include <bcc/proto.h>\n"
		"BPF_HASH(bytes, u32);\n"
		"int nat(struct __sk_buff *skb)\n"
		"{\n"
		"	u8 *cursor = 0;\n"
		"	struct ethernet_t *ethernet = cursor_advance(cursor, sizeof(*ethernet));\n"
		"	struct ip_t *ip;\n"
		"	if (ethernet->type != 0x0800) return 1;\n"
		"	ip = cursor_advance(cursor, sizeof(*ip));\n"
		"	if (ip->ver != 4 || ip->nextp != 6) return 2;\n"
		"	u32 from = ip->src;\n"
		"	bytes.increment(from, ip->tlen);\n"
		"	ip->src = 0x0a000063;\n"
		"	incr_cksum_l3(&ip->hchecksum, from, 0x0a000063);\n"
		"	return load_byte(skb, 14) == 0x45 && load_half(skb, 12) == 0x800 ? 77 : 3;\n"
		"}\n");
	unsigned char frame[64] = { 2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x08, 0x00,
				    0x45, 0, 0, 50, 0, 1, 0, 0, 64, 6, 0, 0, 10, 0, 0, 1,
				    10, 0, 0, 2 };
	unsigned char out[64] = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = sizeof(frame),
		    .data_out = out, .data_size_out = sizeof(out));
	uint16_t sum = checksum(frame + 14, 20);
	uint32_t from = 0x0a000001;
	uint64_t counted = 0;

	(void)state;
	frame[24] = sum >> 8;
	frame[25] = sum & 0xff;
	assert_int_equal(run(mod, "nat", &opts), 77);
	check(ctx, bcc_table_get(table_of(mod, "bytes"), &from, &counted), 0);
	assert_int_equal(counted, 50);
	assert_memory_equal(out + 26, "\x0a\x00\x00\x63", 4);
	assert_memory_equal(out + 30, frame + 30, 4);
	assert_int_equal(checksum(out + 14, 20), 0);
	frame[13] = 0x06; /* no IP */
	opts.data_size_out = sizeof(out);
	assert_int_equal(run(mod, "nat", &opts), 1);
	bcc_module_destroy(mod);
}

/* --- redirection --- */

enum { ABORTED, DROP, PASS, TX, REDIRECT };

/* What is there redirects; what is not gives the flags back. */
static void redirects(const char *text, const void *value)
{
	struct bcc_module *mod = make(text);
	uint32_t key = 1;
	int err;

	assert_int_equal(run_packet(mod, "to"), PASS);
	err = bcc_table_set(table_of(mod, "t"), &key, value);
	check(ctx, err, 0);
	assert_int_equal(run_packet(mod, "to"), REDIRECT);
	check(ctx, bcc_table_delete(table_of(mod, "t"), &key), 0);
	assert_int_equal(run_packet(mod, "to"), PASS);
	bcc_module_destroy(mod);
}

#define REDIRECTS "int to(struct xdp_md *ctx) { return t.redirect_map(1, XDP_PASS); }\n"

static void redirect_map(void **state)
{
	const uint32_t loopback = 1, queue = 64;

	(void)state;
	redirects("BPF_DEVMAP(t, 4);\n" REDIRECTS, &loopback);
	redirects("BPF_DEVMAP_HASH(t, u32, 4);\n" REDIRECTS, &loopback);
	redirects("BPF_CPUMAP(t, 4);\n" REDIRECTS, &queue);
}

/* An XDP socket needs an interface with queues: here only that none is there is seen. */
static void xskmap(void **state)
{
	struct bcc_module *mod = make("BPF_XSKMAP(t, 4);\n" REDIRECTS
				      "int look(struct xdp_md *ctx)\n"
				      "{ int key = 1; return t.lookup(&key) ? XDP_TX : XDP_DROP; }\n");

	(void)state;
	assert_int_equal(run_packet(mod, "to"), PASS);
	assert_int_equal(run_packet(mod, "look"), DROP);
	bcc_module_destroy(mod);
}

/* --- cgroups --- */

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

static void check_current_task(void **state)
{
	struct bcc_module *mod = make(
		"BPF_CGROUP_ARRAY(groups, 2);\n"
		"int raw_tracepoint__sys_enter(struct bpf_raw_tracepoint_args *ctx)\n"
		"{ return groups.check_current_task(0) << 8 | (groups.check_current_task(1) & 0xff); }\n");
	struct bcc_table *groups = table_of(mod, "groups");
	int root = cgroup_root(), own;
	uint32_t zero = 0, one = 1;
	char name[32];

	(void)state;
	if (root < 0) {
		print_message("cgroup2 cannot be mounted here\n");
		skip();
	}
	snprintf(name, sizeof(name), "bcc_test_%d", getpid());
	assert_int_equal(mkdirat(root, name, 0755), 0);
	own = openat(root, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(own >= 0);
	check(ctx, bcc_table_set(groups, &zero, &root), 0);
	check(ctx, bcc_table_set(groups, &one, &own), 0);
	/* this process is somewhere under the root, and not in the empty one */
	assert_int_equal(run_bare(mod, "raw_tracepoint__sys_enter"), 1 << 8);
	bcc_module_destroy(mod);
	close(own);
	assert_int_equal(unlinkat(root, name, AT_REMOVEDIR), 0);
	close(root);
}

/* The storage is the program's in its cgroup; a test run has one for all its rounds. */
static void cgroup_storage(const char *kind)
{
	struct bcc_module *mod;
	char text[512];
	LIBBPF_OPTS(bpf_test_run_opts, opts, .repeat = 5);
	unsigned char frame[64] = { [12] = 8, [14] = 0x45 };

	snprintf(text, sizeof(text),
		 "%s(runs, u64);\nBPF_ARRAY(seen, u64, 1);\n"
		 "SEC(\"cgroup_skb/egress\") int count(struct __sk_buff *skb)\n"
		 "{ u64 *n = runs.get_local_storage(0), now; int zero = 0;\n"
		 "  now = ++*n; seen.update(&zero, &now); return 1; }\n", kind);
	mod = make(text);
	opts.data_in = frame;
	opts.data_size_in = sizeof(frame);
	assert_int_equal(run(mod, "count", &opts), 1);
	{
		uint64_t seen = 0;
		int zero = 0;

		check(ctx, bcc_table_get(table_of(mod, "seen"), &zero, &seen), 0);
		assert_int_equal(seen, 5);
	}
	bcc_module_destroy(mod);
}

static void get_local_storage(void **state)
{
	(void)state;
	cgroup_storage("BPF_CGROUP_STORAGE");
	cgroup_storage("BPF_PERCPU_CGROUP_STORAGE");
}

/* --- counters and buffers --- */

static void perf_read(void **state)
{
	struct bcc_module *mod = make(
		"BPF_PERF_ARRAY(clock, 64);\nBPF_ARRAY(out, u64, 2);\n"
		"int raw_tracepoint__sys_enter(struct bpf_raw_tracepoint_args *ctx)\n"
		"{ int zero = 0, one = 1; u64 a = clock.perf_read(0), b = clock.perf_read(1);\n"
		"  out.update(&zero, &a); out.update(&one, &b); return 0; }\n");
	struct perf_event_attr attr = { .type = PERF_TYPE_SOFTWARE, .size = sizeof(attr),
					.config = PERF_COUNT_SW_TASK_CLOCK };
	int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
	int zero = 0, one = 1;
	int64_t first = 0, missing = 0, second = 0;

	(void)state;
	if (fd < 0)
		skip();
	check(ctx, bcc_table_set(table_of(mod, "clock"), &zero, &fd), 0);
	run_bare(mod, "raw_tracepoint__sys_enter");
	check(ctx, bcc_table_get(table_of(mod, "out"), &zero, &first), 0);
	check(ctx, bcc_table_get(table_of(mod, "out"), &one, &missing), 0);
	run_bare(mod, "raw_tracepoint__sys_enter");
	check(ctx, bcc_table_get(table_of(mod, "out"), &zero, &second), 0);
	assert_true(first > 0);
	assert_true(second > first);
	assert_int_equal(missing, -ENOENT);
	close(fd);
	bcc_module_destroy(mod);
}

static void user_ringbuf_drain(void **state)
{
	static const char text[] =
		"BPF_USER_RINGBUF(orders, 1);\nBPF_ARRAY(sums, u64, 1);\n"
		"static long take(struct bpf_dynptr *record, void *unused)\n"
		"{ u64 v = 0; bpf_dynptr_read(&v, sizeof(v), record, 0, 0);\n"
		"  sums.increment(0, v); return 0; }\n"
		"int raw_tracepoint__sys_enter(struct bpf_raw_tracepoint_args *ctx)\n"
		"{ return orders.user_ringbuf_drain(take, 0, 0); }\n";
	struct user_ring_buffer *rb;
	uint64_t *record, sum = 0;
	struct bcc_module *mod;
	int zero = 0;

	(void)state;
	if (!kernel_is_at_least(6, 1))
		SKIP("user ring buffers need Linux 6.1");
	mod = make(text);
	rb = user_ring_buffer__new(bcc_table_fd(table_of(mod, "orders")), NULL);
	assert_non_null(rb);
	assert_int_equal(run_bare(mod, "raw_tracepoint__sys_enter"), 0);
	for (uint64_t i = 1; i <= 4; i++) {
		record = user_ring_buffer__reserve(rb, sizeof(*record));
		assert_non_null(record);
		*record = i * 10;
		user_ring_buffer__submit(rb, record);
	}
	assert_int_equal(run_bare(mod, "raw_tracepoint__sys_enter"), 4);
	check(ctx, bcc_table_get(table_of(mod, "sums"), &zero, &sum), 0);
	assert_int_equal(sum, 100);
	user_ring_buffer__free(rb);
	bcc_module_destroy(mod);
}

/* --- sockets --- */

static struct bcc_link *attach_to(struct bcc_module *mod, const char *program, const char *hook)
{
	struct bcc_link *link = NULL;

	check(ctx, bcc_program_attach(bcc_module_program(mod, program), hook, NULL, &link), 0);
	return link;
}

static void set_socket(struct bcc_module *mod, uint32_t key, uint64_t fd)
{
	check(ctx, bcc_table_set(table_of(mod, "socks"), &key, &fd), 0);
}

/* Of two sockets on one port, all datagrams go to the one that the program picks. */
static void sk_select_reuseport(void **state)
{
	struct bcc_module *mod = make(
		"BPF_REUSEPORT_SOCKARRAY(socks, 2);\n"
		"SEC(\"sk_reuseport\") int pick(struct sk_reuseport_md *md)\n"
		"{ u32 key = 1;\n"
		"  return socks.sk_select_reuseport(md, &key, 0) ? SK_DROP : SK_PASS; }\n");
	struct address at = loopback(AF_INET);
	int fds[2], one = 1;
	char hook[32], byte;

	(void)state;
	for (int i = 0; i < 2; i++) {
		fds[i] = new_socket(AF_INET, SOCK_DGRAM);
		assert_int_equal(setsockopt(fds[i], SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one)), 0);
		assert_int_equal(bind(fds[i], &at.any, at.size), 0);
		assert_int_equal(getsockname(fds[i], &at.any, &at.size), 0);
	}
	set_socket(mod, 1, (uint64_t)fds[1]);
	snprintf(hook, sizeof(hook), "reuseport:%d", fds[0]);
	attach_to(mod, "pick", hook);
	send_to(fds[1], &at, 20);
	assert_int_equal(recv(fds[0], &byte, 1, MSG_DONTWAIT), -1);
	close(fds[0]);
	close(fds[1]);
	bcc_module_destroy(mod);
}

/* What comes in at one connection, or goes out of it, turns up at the end of another one. */
static void is_redirected(const char *text, const char *hook, int taken_by)
{
	struct bcc_module *mod = make(text);
	int a[2], b[2];
	char word[8] = "";

	tcp_pair(a);
	tcp_pair(b);
	attach_to(mod, "move", hook); /* first: a socket takes the programs there are when it comes */
	set_socket(mod, 0, (uint64_t)a[taken_by]);
	set_socket(mod, 1, (uint64_t)b[1]);
	assert_int_equal(send(a[0], "hello", 5, 0), 5);
	assert_int_equal(recv(b[taken_by ? 0 : 1], word, sizeof(word), 0), 5);
	assert_string_equal(word, "hello");
	assert_int_equal(recv(a[1], word, sizeof(word), MSG_DONTWAIT), -1);
	bcc_module_destroy(mod);
	for (int i = 0; i < 2; i++) {
		close(a[i]);
		close(b[i]);
	}
}

#define VERDICT(call) "int move(struct __sk_buff *skb) { u32 key = 1; return socks." call "; }\n"
#define MESSAGE(call) "int move(struct sk_msg_md *msg) { u32 key = 1; return socks." call "; }\n"

static void sockets_redirect(void **state)
{
	(void)state;
	/* from the receiver of a: out of the socket in the table, to its other end */
	is_redirected("BPF_SOCKMAP(socks, 4);\nSEC(\"sk_skb/stream_verdict\") "
		      VERDICT("sk_redirect_map(skb, key, 0)"), "sk_skb:socks:stream_verdict", 1);
	is_redirected("BPF_SOCKHASH(socks, u32, 4);\nSEC(\"sk_skb/stream_verdict\") "
		      VERDICT("sk_redirect_hash(skb, &key, 0)"), "sk_skb:socks:stream_verdict", 1);
	/* from the sender of a: into the queue of the socket in the table */
	is_redirected("BPF_SOCKMAP(socks, 4);\n"
		      MESSAGE("msg_redirect_map(msg, key, BPF_F_INGRESS)"), "sk_msg:socks", 0);
	is_redirected("BPF_SOCKHASH(socks, u32, 4);\n"
		      MESSAGE("msg_redirect_hash(msg, &key, BPF_F_INGRESS)"), "sk_msg:socks", 0);
}

static int tests(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(packet_language, setup_context, teardown_context),
		cmocka_unit_test_setup_teardown(redirect_map, setup_context, teardown_context),
		cmocka_unit_test_setup_teardown(xskmap, setup_context, teardown_context),
		cmocka_unit_test_setup_teardown(check_current_task, setup_context, teardown_context),
		cmocka_unit_test_setup_teardown(get_local_storage, setup_context, teardown_context),
		cmocka_unit_test_setup_teardown(perf_read, setup_context, teardown_context),
		cmocka_unit_test_setup_teardown(user_ringbuf_drain, setup_context, teardown_context),
		cmocka_unit_test_setup_teardown(sk_select_reuseport, setup_context, teardown_context),
		cmocka_unit_test_setup_teardown(sockets_redirect, setup_context, teardown_context),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void)
{
	need_bpf();
	return run_in_own_network(tests);
}
