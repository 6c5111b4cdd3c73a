/*
 * Programs on sockets, on the sockets of a table, and on a network namespace: each counts exactly
 * what is sent in the test's own network, nothing after a detach, and goes with its process.
 */
#include "network.h"

#include <linux/if_ether.h>
#include <linux/if_packet.h>

/* --- socket: --- */

static void socket_filter(void **state)
{
	struct net_fixture *f = *state;
	struct bcc_link *link;
	struct address at;
	char hook[32];
	int fd = bound_socket(AF_INET, SOCK_DGRAM, &at);

	snprintf(hook, sizeof(hook), "socket:%d", fd);
	link = attach(f, "on_filter", hook);
	assert_string_equal(bcc_link_mechanism(link), "socket filter");
	assert_int_equal(bcc_link_socket(link), fd);
	send_to(fd, &at, TIMES);
	assert_int_equal(runs(f), TIMES);
	REFUSES(f, "on_drop", hook, -EBUSY, hook, "a filter already");

	assert_int_equal(bcc_link_detach(link), 0);
	assert_int_equal(bcc_link_socket(link), -ENOENT);
	send_to(fd, &at, TIMES);
	assert_int_equal(runs(f), TIMES);
	bcc_link_destroy(link);

	/* One that lets nothing pass, and its end. */
	link = attach(f, "on_drop", hook);
	send_to(-1, &at, TIMES);
	assert_int_equal(runs(f), 2 * TIMES);
	assert_int_equal(recv(fd, hook, sizeof(hook), MSG_DONTWAIT), -1);
	bcc_link_destroy(link);
	send_to(fd, &at, TIMES);
	assert_int_equal(runs(f), 2 * TIMES);
	close(fd);
}

/* The caller closes its socket, and the number becomes another one: that is left alone. */
static void closed_before(void **state)
{
	struct net_fixture *f = *state;
	struct bcc_link *link;
	struct address at;
	char hook[32];
	int other, program, fd = bound_socket(AF_INET, SOCK_DGRAM, &at);

	snprintf(hook, sizeof(hook), "socket:%d", fd);
	link = attach(f, "on_filter", hook);
	close(fd);
	other = bound_socket(AF_INET, SOCK_DGRAM, &at);
	assert_int_equal(other, fd);
	program = bcc_program_fd(bcc_module_program(f->mod, "on_filter"));
	assert_int_equal(setsockopt(other, SOL_SOCKET, SO_ATTACH_BPF, &program, sizeof(program)),
			 0);
	bcc_link_destroy(link);
	send_to(other, &at, TIMES);
	assert_int_equal(runs(f), TIMES);
	close(other);
}

static void raw_socket(void **state)
{
	struct net_fixture *f = *state;
	struct bcc_link *link = attach(f, "on_filter", "socket:lo");
	int sock = bcc_link_socket(link), packets = 0, fd;
	struct address at;
	char packet[256];

	assert_string_equal(bcc_link_mechanism(link), "raw socket");
	assert_true(sock >= 0);
	assert_true(fcntl(sock, F_GETFD) & FD_CLOEXEC);
	fd = bound_socket(AF_INET, SOCK_DGRAM, &at);
	send_to(fd, &at, TIMES);
	/* Loopback shows each packet twice: going out and coming in. */
	assert_int_equal(runs(f), 2 * TIMES);
	while (read(sock, packet, sizeof(packet)) == ETH_HLEN + 20 + 8 + 1)
		packets++;
	assert_int_equal(packets, 2 * TIMES);
	assert_int_equal(errno, EAGAIN);
	bcc_link_detach(link);
	assert_int_equal(fcntl(sock, F_GETFD), -1);
	send_to(fd, &at, TIMES);
	assert_int_equal(runs(f), 2 * TIMES);
	close(fd);
}

static void bad_sockets(void **state)
{
	static const char *const malformed[] = {
		"socket", "socket:", "socket:a/b", "socket:99999999999", "socket:a-name-of-20-letters",
		"reuseport", "reuseport:lo", "reuseport:", "reuseport:-1",
	};
	struct net_fixture *f = *state;
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), locked, one = 1;
	struct address at;
	char hook[32];

	for (size_t i = 0; i < sizeof(malformed) / sizeof(*malformed); i++) {
		check(f->ctx, try_attach(f, "on_filter", malformed[i], NULL), -EINVAL);
		assert_int_equal(bcc_diag_count(f->ctx), 1);
	}
	REFUSES(f, "on_filter", "socket:9999", BCC_ERR_NO_HOOK, "no descriptor 9999", "socket");
	REFUSES(f, "on_filter", "socket:none0", BCC_ERR_NO_HOOK, "no network interface 'none0'",
		"lo");
	snprintf(hook, sizeof(hook), "socket:%d", null);
	REFUSES(f, "on_filter", hook, BCC_ERR_NO_HOOK, "is no socket", NULL);
	snprintf(hook, sizeof(hook), "reuseport:%d", null);
	REFUSES(f, "on_reuseport", hook, BCC_ERR_NO_HOOK, "is no socket", NULL);
	close(null);
	REFUSES(f, "on_tp_btf", "socket:lo", -EINVAL, "is written for", NULL);

	locked = bound_socket(AF_INET, SOCK_DGRAM, &at);
	snprintf(hook, sizeof(hook), "reuseport:%d", locked);
	REFUSES(f, "on_reuseport", hook, -EINVAL, "cannot attach", "SO_REUSEPORT");
	setsockopt(locked, SOL_SOCKET, SO_LOCK_FILTER, &one, sizeof(one));
	snprintf(hook, sizeof(hook), "socket:%d", locked);
	REFUSES(f, "on_filter", hook, BCC_ERR_KERNEL, "refuses to attach", "SO_LOCK_FILTER");
	close(locked);
}

/* --- reuseport: --- */

/* Two sockets that share a port. */
static void share_port(int fds[2], struct address *at)
{
	int one = 1;

	*at = loopback(AF_INET);
	for (int i = 0; i < 2; i++) {
		fds[i] = new_socket(AF_INET, SOCK_DGRAM);
		assert_int_equal(setsockopt(fds[i], SOL_SOCKET, SO_REUSEPORT, &one, sizeof(one)), 0);
		assert_int_equal(bind(fds[i], &at->any, at->size), 0);
		assert_int_equal(getsockname(fds[i], &at->any, &at->size), 0);
	}
}

static int waiting(int fd)
{
	char byte;
	int n = 0;

	while (recv(fd, &byte, 1, MSG_DONTWAIT) == 1)
		n++;
	return n;
}

static void reuseport(void **state)
{
	struct net_fixture *f = *state;
	struct bcc_link *link;
	struct address at;
	char hook[32];
	int fds[2];

	share_port(fds, &at);
	snprintf(hook, sizeof(hook), "reuseport:%d", fds[0]);
	link = attach(f, "on_reuseport", hook);
	assert_string_equal(bcc_link_mechanism(link), "reuseport program");
	assert_int_equal(bcc_link_socket(link), fds[0]);
	send_to(-1, &at, TIMES);
	assert_int_equal(waiting(fds[0]) + waiting(fds[1]), TIMES);
	assert_int_equal(runs(f), TIMES);
	bcc_link_destroy(link);
	send_to(-1, &at, TIMES);
	assert_int_equal(runs(f), TIMES);
	assert_int_equal(waiting(fds[0]) + waiting(fds[1]), TIMES);

	/* A socket filter says which one by its number. */
	link = attach(f, "on_second", hook);
	send_to(-1, &at, 4 * TIMES);
	assert_int_equal(waiting(fds[1]), 4 * TIMES);
	assert_int_equal(runs(f), 5 * TIMES);
	bcc_link_destroy(link);
	send_to(-1, &at, TIMES);
	assert_int_equal(runs(f), 5 * TIMES);
	close(fds[0]);
	close(fds[1]);
}

/* --- sk_skb: and sk_msg: --- */

static void put_socket(struct net_fixture *f, int fd)
{
	uint32_t key = 0, value = (uint32_t)fd;

	assert_int_equal(bpf_map_update_elem(bcc_table_fd(bcc_module_table(f->mod, "socks")), &key,
					     &value, BPF_ANY), 0);
}

static void take_socket(struct net_fixture *f)
{
	uint32_t key = 0;

	assert_int_equal(bpf_map_delete_elem(bcc_table_fd(bcc_module_table(f->mod, "socks")), &key),
			 0);
}

/* One message after the other, each received before the next is sent. */
static void talk(const int ends[2])
{
	char byte = 'x';

	for (int i = 0; i < TIMES; i++) {
		assert_int_equal(send(ends[0], &byte, 1, 0), 1);
		assert_int_equal(recv(ends[1], &byte, 1, 0), 1);
	}
}

static bool has_links(void)
{
	return kernel_version_code() >= 0x060a00;
}

/*
 * The kernel hands a table's program to a socket when the socket is put there: what is in the table
 * when the program goes keeps it until it is taken out. end is the one that is watched.
 */
static void counts_sockmap(struct net_fixture *f, const char *program, const char *hook, int end)
{
	struct bcc_link *link = attach(f, program, hook);
	BCC_OPTS(bcc_link_info, info);
	int ends[2];

	check(f->ctx, bcc_link_describe(link, &info), 0);
	assert_string_equal(info.mechanism, has_links() ? "sockmap link" : "program on the map");
	assert_int_equal(!strstr(info.why, "no links"), has_links());
	reset(f);
	tcp_pair(ends);
	put_socket(f, ends[end]);
	talk(ends);
	assert_int_equal(runs(f), TIMES);
	take_socket(f);
	assert_int_equal(bcc_link_detach(link), 0);
	close(ends[0]);
	close(ends[1]);

	tcp_pair(ends);
	put_socket(f, ends[end]);
	talk(ends);
	assert_int_equal(runs(f), TIMES);
	take_socket(f);
	close(ends[0]);
	close(ends[1]);
	bcc_link_destroy(link);
}

static void sk_skb(void **state)
{
	struct net_fixture *f = *state;

	counts_sockmap(f, "on_verdict", "sk_skb:socks:stream_verdict", 1);
	if (kernel_version_code() >= 0x050d00) {
		counts_sockmap(f, "on_verdict", "sk_skb:socks:verdict", 1);
	} else {
		print_message("skipped: sk_skb:TABLE:verdict needs Linux 5.13\n");
		REFUSES(f, "on_verdict", "sk_skb:socks:verdict", BCC_ERR_KERNEL, "Linux 5.13",
			"stream_verdict");
	}
}

/* A parser is asked before the verdict. */
static void sk_skb_parser(void **state)
{
	struct net_fixture *f = *state;
	struct bcc_link *parser = attach(f, "on_parser", "sk_skb:socks:parser");
	struct bcc_link *verdict = attach(f, "on_verdict", "sk_skb:socks:stream_verdict");
	int ends[2];

	tcp_pair(ends);
	put_socket(f, ends[1]);
	talk(ends);
	assert_int_equal(runs(f), 2 * TIMES);
	take_socket(f);
	bcc_link_destroy(parser);
	bcc_link_destroy(verdict);
	close(ends[0]);
	close(ends[1]);
}

static void sk_msg(void **state)
{
	counts_sockmap(*state, "on_msg", "sk_msg:socks", 0);
}

/* Without links, what is on a pinned map outlives a kill: the user is told. */
static void pinned_table(void **state)
{
	struct net_fixture *f = *state;
	struct bcc_module *mod;
	struct bcc_link *link;
	char path[64], flag[80];
	const char *flags[] = { flag, NULL };
	BCC_OPTS(bcc_module_opts, opts, .cflags = flags);

	snprintf(path, sizeof(path), "/sys/fs/bpf/bcc-test-socks-%d", getpid());
	snprintf(flag, sizeof(flag), "-DPIN=\"%s\"", path);
	check(f->ctx, bcc_module_create(f->ctx,
		"BPF_TABLE_PINNED(\"sockmap\", u32, u32, socks, 4, PIN);\n"
		"int on_msg(struct sk_msg_md *msg) { return SK_PASS; }\n", &opts, &mod), 0);
	check(f->ctx, bcc_program_attach(bcc_module_program(mod, "on_msg"), "sk_msg:socks", NULL,
					 &link), 0);
	unlink(path);
	assert_int_equal(bcc_diag_count(f->ctx), !has_links());
	if (!has_links())
		assert_non_null(strstr(bcc_diag_message(bcc_diag_get(f->ctx, 0)), "is pinned"));
}

static void bad_tables(void **state)
{
	static const char *const malformed[] = {
		"sk_skb", "sk_skb:socks", "sk_skb:socks:", "sk_skb::parser", "sk_skb:socks:pasrer",
		"sk_msg", "sk_msg:", "sk_msg:so cks",
	};
	struct net_fixture *f = *state;
	struct bcc_link *link;

	for (size_t i = 0; i < sizeof(malformed) / sizeof(*malformed); i++) {
		check(f->ctx, try_attach(f, "on_verdict", malformed[i], NULL), -EINVAL);
		assert_int_equal(bcc_diag_count(f->ctx), 1);
	}
	REFUSES(f, "on_msg", "sk_msg:nosuch", BCC_ERR_NO_HOOK, "no table 'nosuch'", NULL);
	REFUSES(f, "on_msg", "sk_msg:runs", BCC_ERR_NO_HOOK, "table 'runs' does not hold sockets",
		"BPF_SOCKMAP");
	REFUSES(f, "on_tp_btf", "sk_msg:socks", -EINVAL, "is written for", NULL);
	/* sockhash, too; a second one is refused where there are links */
	link = attach(f, "on_msg", "sk_msg:socks_by_name");
	if (has_links())
		REFUSES(f, "on_msg", "sk_msg:socks_by_name", -EBUSY, "cannot attach", "already");
	bcc_link_destroy(link);
	bcc_link_destroy(attach(f, "on_msg", "sk_msg:socks_by_name"));
}

/* --- network namespaces --- */

static void sk_lookup(void **state)
{
	struct net_fixture *f = *state;
	struct address at;
	char hook[64];
	int fd = bound_socket(AF_INET, SOCK_DGRAM, &at);
	struct bcc_link *link, *second;

	link = attach(f, "on_lookup", "sk_lookup");
	assert_string_equal(bcc_link_mechanism(link), "netns link");
	send_to(fd, &at, TIMES);
	assert_int_equal(runs(f), TIMES);
	snprintf(hook, sizeof(hook), "sk_lookup:%d", getpid());
	second = attach(f, "on_lookup", hook);
	send_to(fd, &at, TIMES);
	assert_int_equal(runs(f), 3 * TIMES);
	bcc_link_destroy(link);
	send_to(fd, &at, TIMES);
	assert_int_equal(runs(f), 4 * TIMES);
	bcc_link_destroy(second);
	send_to(fd, &at, TIMES);
	assert_int_equal(runs(f), 4 * TIMES);
	close(fd);
}

/* A program in another namespace, by its path, sees nothing of this one. */
static void another_namespace(void **state)
{
	struct net_fixture *f = *state;
	struct address at;
	char hook[64], byte = 0;
	int ready[2], fd = bound_socket(AF_INET, SOCK_DGRAM, &at);
	pid_t child;

	assert_int_equal(pipe(ready), 0);
	child = fork_child();
	if (!child) {
		byte = (char)own_network();
		if (write(ready[1], &byte, 1) == 1)
			pause();
		_exit(1);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	assert_int_equal(byte, 0);
	snprintf(hook, sizeof(hook), "sk_lookup:/proc/%d/ns/net", child);
	attach(f, "on_lookup", hook);
	send_to(fd, &at, TIMES);
	assert_int_equal(runs(f), 0);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(ready[0]);
	close(ready[1]);
	close(fd);
}

/* A packet socket that shares its packets by their flow: the kernel must dissect each. */
static int fanout_socket(void)
{
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(ETH_P_IP),
		.sll_ifindex = (int)if_nametoindex("lo"),
	};
	int fanout = 1 | PACKET_FANOUT_HASH << 16;
	int fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, htons(ETH_P_IP));

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&to, sizeof(to)), 0);
	assert_int_equal(setsockopt(fd, SOL_PACKET, PACKET_FANOUT, &fanout, sizeof(fanout)), 0);
	return fd;
}

static void flow_dissector(void **state)
{
	struct net_fixture *f = *state;
	struct address at;
	int sock = fanout_socket(), fd = bound_socket(AF_INET, SOCK_DGRAM, &at);
	struct bcc_link *link = attach(f, "on_flow", "flow_dissector");
	uint64_t n;

	assert_string_equal(bcc_link_mechanism(link), "netns link");
	send_to(fd, &at, TIMES);
	n = runs(f);
	assert_true(n >= TIMES); /* how often a packet is dissected is the kernel's business */
	check(f->ctx, try_attach(f, "on_flow", "flow_dissector", NULL), -E2BIG);
	assert_non_null(strstr(bcc_diag_hint(bcc_diag_get(f->ctx, 0)), "one flow dissector"));
	bcc_link_destroy(link);
	send_to(fd, &at, TIMES);
	assert_int_equal(runs(f), n);
	close(sock);
	close(fd);
}

static void bad_namespaces(void **state)
{
	static const char *const malformed[] = { "sk_lookup:", "sk_lookup:0", "flow_dissector:" };
	struct net_fixture *f = *state;
	char fifo[64], hook[128];

	snprintf(fifo, sizeof(fifo), "/tmp/bcc-test-fifo.%d", getpid());

	for (size_t i = 0; i < sizeof(malformed) / sizeof(*malformed); i++) {
		check(f->ctx, try_attach(f, "on_lookup", malformed[i], NULL), -EINVAL);
		assert_int_equal(bcc_diag_count(f->ctx), 1);
	}
	REFUSES(f, "on_lookup", "sk_lookup:999999999", -ESRCH, "no process 999999999", NULL);
	REFUSES(f, "on_lookup", "sk_lookup:no-such-name", BCC_ERR_NO_HOOK,
		"no network namespace 'no-such-name'", "ip netns");
	REFUSES(f, "on_lookup", "sk_lookup:/proc/self/ns/uts", BCC_ERR_NO_HOOK,
		"is no network namespace", NULL);
	REFUSES(f, "on_lookup", "sk_lookup:/dev/null", BCC_ERR_NO_HOOK, "is no network namespace",
		NULL);
	/* Opening a FIFO must not wait for somebody to write. */
	assert_int_equal(mkfifo(fifo, 0600), 0);
	snprintf(hook, sizeof(hook), "flow_dissector:%s", fifo);
	REFUSES(f, "on_flow", hook, BCC_ERR_NO_HOOK, "is no network namespace", NULL);
	unlink(fifo);
	REFUSES(f, "on_tp_btf", "sk_lookup", -EINVAL, "is written for", NULL);
	/* others still need their colon */
	REFUSES(f, "on_lookup", "raw_tp", -EINVAL, "no hook", "raw_tp:EVENT");
}

/* --- dialect and a killed process --- */

static void dialect(void **state)
{
	struct net_fixture *f = *state;
	struct bcc_program *prog = NULL;
	struct bcc_module *mod;
	struct bcc_link *link;

	check(f->ctx, bcc_module_create(f->ctx,
		"BPF_SOCKMAP(socks, 4);\n"
		"int on_msg(struct sk_msg_md *msg) { return msg->size ? SK_PASS : SK_DROP; }\n"
		"int on_port(struct sk_reuseport_md *md) { return md->len ? SK_PASS : SK_DROP; }\n"
		"int on_lookup(struct bpf_sk_lookup *ctx) { return ctx->family ? SK_PASS : SK_DROP; }\n"
		"int on_skb(struct __sk_buff *skb) { return SK_PASS; }\n", NULL, &mod), 0);
	while ((prog = bcc_module_next_program(mod, prog)))
		check(f->ctx, bcc_program_load(prog), 0);
	check(f->ctx, bcc_program_attach(bcc_module_program(mod, "on_msg"), "sk_msg:socks", NULL,
					 &link), 0);
	check(f->ctx, bcc_program_attach(bcc_module_program(mod, "on_skb"), "socket:lo", NULL,
					 &link), 0);
	assert_true(bcc_link_socket(link) >= 0);
}

static void put_all(struct net_fixture *f)
{
	struct address at;
	char hook[32];
	int fds[2], fd = bound_socket(AF_INET, SOCK_DGRAM, &at);

	snprintf(hook, sizeof(hook), "socket:%d", fd);
	attach(f, "on_filter", hook);
	attach(f, "on_drop", "socket:lo");
	share_port(fds, &at);
	snprintf(hook, sizeof(hook), "reuseport:%d", fds[0]);
	attach(f, "on_reuseport", hook);
	attach(f, "on_parser", "sk_skb:socks:parser");
	attach(f, "on_verdict", "sk_skb:socks:stream_verdict");
	attach(f, "on_msg", "sk_msg:socks");
	attach(f, "on_lookup", "sk_lookup");
	attach(f, "on_flow", "flow_dissector");
	tcp_pair(fds);
	put_socket(f, fds[1]);
	talk(fds);
}

static void look(bool there)
{
	static const enum bpf_attach_type types[] = { BPF_SK_LOOKUP, BPF_FLOW_DISSECTOR };
	int netns = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	for (int i = 0; i < 2; i++) {
		uint32_t flags = 0, n = 0, id;

		n = 1;
		assert_int_equal(bpf_prog_query(netns, types[i], 0, &flags, &id, &n), 0);
		assert_int_equal(n, there);
	}
	close(netns);
}

static void killed(void **state)
{
	(void)state;
	leaves_nothing(put_all, look);
}

static int tests(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, net_setup, net_teardown)
	const struct CMUnitTest all[] = {
		TEST(socket_filter),  TEST(closed_before),  TEST(raw_socket),
		TEST(bad_sockets),    TEST(reuseport),	    TEST(sk_skb),
		TEST(sk_skb_parser),  TEST(sk_msg),	    TEST(bad_tables),   TEST(pinned_table),
		TEST(sk_lookup),      TEST(another_namespace), TEST(flow_dissector),
		TEST(bad_namespaces), TEST(dialect),	    cmocka_unit_test(killed),
	};

	return cmocka_run_group_tests(all, NULL, NULL);
}

int main(void)
{
	need_bpf();
	return run_in_own_network(tests);
}
