/*
 * struct_ops: a TCP congestion control made of programs, in each spelling: it is registered, a
 * connection of this test's own uses it, and it is gone when its link is. Everything is on the
 * loopback of a network namespace of this process.
 */
#include "in_context.h"

#include <arpa/inet.h>
#include <bcc/bcc.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/tcp.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

/* Whether this network namespace offers a congestion control of this name. */
static bool offered(const char *name)
{
	static const char path[] = "/proc/sys/net/ipv4/tcp_available_congestion_control";
	char list[512];
	FILE *f = fopen(path, "r");
	bool found = false;

	assert_non_null(f);
	assert_non_null(fgets(list, sizeof(list), f));
	fclose(f);
	for (char *word = strtok(list, " \n"); word; word = strtok(NULL, " \n"))
		found |= !strcmp(word, name);
	return found;
}

static void loopback_up(void)
{
	struct ifreq ifr = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(ioctl(fd, SIOCSIFFLAGS, &ifr), 0);
	close(fd);
}

/* One connection through the loopback whose sender uses the congestion control. */
static int transfer(const char *name)
{
	struct sockaddr_in addr = { .sin_family = AF_INET,
				    .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int accepted = -1, err = 0;
	socklen_t size = sizeof(addr);
	char bytes[4096] = { 0 };

	assert_int_equal(bind(server, (struct sockaddr *)&addr, sizeof(addr)), 0);
	assert_int_equal(getsockname(server, (struct sockaddr *)&addr, &size), 0);
	assert_int_equal(listen(server, 1), 0);
	if (setsockopt(client, IPPROTO_TCP, TCP_CONGESTION, name, strlen(name)))
		err = -errno;
	if (!err) {
		assert_int_equal(connect(client, (struct sockaddr *)&addr, sizeof(addr)), 0);
		accepted = accept4(server, NULL, NULL, SOCK_CLOEXEC);
		assert_true(accepted >= 0);
		for (int i = 0; i < 8; i++) {
			assert_int_equal(send(client, bytes, sizeof(bytes), 0), sizeof(bytes));
			assert_int_equal(recv(accepted, bytes, sizeof(bytes), MSG_WAITALL),
					 sizeof(bytes));
		}
		close(accepted);
	}
	close(client);
	close(server);
	return err;
}

static uint64_t count(struct bcc_module *mod, int slot)
{
	uint64_t value = 0;

	assert_int_equal(bcc_table_get(bcc_module_table(mod, "calls"), &slot, &value), 0);
	return value;
}

static const char dialect[] =
	"#include <net/tcp.h>\n"
	"BPF_ARRAY(calls, u64, 3);\n"
	"STRUCT_OPS_PROBE(test_init, struct sock *sk)\n"
	"{ if (sk->__sk_common.skc_family == 2) calls.increment(0); return 0; }\n"
	"STRUCT_OPS_PROBE(test_ssthresh, struct sock *sk)\n"
	"{ return ((struct tcp_sock *)sk)->snd_cwnd; }\n"
	"STRUCT_OPS_PROBE(test_avoid, struct sock *sk, u32 ack, u32 acked)\n"
	"{ calls.increment(1); calls.increment(2, acked); return 0; }\n"
	"STRUCT_OPS_PROBE(test_undo, struct sock *sk)\n"
	"{ return ((struct tcp_sock *)sk)->snd_cwnd; }\n"
	"BPF_STRUCT_OPS(tcp_congestion_ops, bcc_test) {\n"
	"	.init = test_init, .ssthresh = test_ssthresh, .cong_avoid = test_avoid,\n"
	"	.undo_cwnd = test_undo, .name = \"bcc_test\",\n"
	"};\n";

static void dialect_registers(void **state)
{
	struct bcc_module *mod = make(dialect);
	struct bcc_link *link = NULL;
	struct bcc_program *prog;

	(void)state;
	assert_false(offered("bcc_test"));
	prog = bcc_module_program(mod, "test_avoid");
	check(ctx, bcc_program_attach(prog, "struct_ops:bcc_test", NULL, &link), 0);
	assert_true(offered("bcc_test"));
	assert_string_equal(bcc_link_hook(link), "struct_ops:bcc_test");
	assert_true(strstr(bcc_link_mechanism(link), "struct_ops ") != NULL);
	for (prog = NULL; (prog = bcc_module_next_program(mod, prog));)
		assert_true(bcc_program_fd(prog) >= 0);

	assert_int_equal(transfer("reno"), 0);
	assert_int_equal(count(mod, 0), 0);
	assert_int_equal(transfer("bcc_test"), 0);
	assert_int_equal(count(mod, 0), 1);
	assert_true(count(mod, 1) > 0);
	assert_true(count(mod, 2) >= count(mod, 1));

	assert_int_equal(bcc_link_detach(link), 0);
	assert_false(offered("bcc_test"));
	assert_int_equal(transfer("bcc_test"), -ENOENT);
	/* and again */
	check(ctx, bcc_program_attach(bcc_link_program(link), "struct_ops:bcc_test", NULL, NULL),
	      0);
	assert_true(offered("bcc_test"));
	bcc_module_destroy(mod);
	assert_false(offered("bcc_test"));
}

/* attach_all() registers each struct once; the other spellings; two structs that share programs. */
static void libbpf_style_registers(void **state)
{
	struct bcc_module *mod = make(
		"#include <net/tcp.h>\n"
		"BPF_ARRAY(calls, u64, 3);\n"
		"SEC(\"struct_ops/avoid\") void BPF_PROG(avoid, struct sock *sk, u32 ack, u32 acked)\n"
		"{ calls.increment(1); }\n"
		"SEC(\"struct_ops/ssthresh\") u32 ssthresh(struct sock *sk)\n"
		"{ return ((struct tcp_sock *)sk)->snd_cwnd; }\n"
		"SEC(\"struct_ops/undo\") u32 undo(unsigned long long *ctx)\n"
		"{ struct tcp_sock *tp = (struct tcp_sock *)ctx[0]; return tp->snd_cwnd; }\n"
		"SEC(\".struct_ops.link\") struct tcp_congestion_ops bcc_one = {\n"
		"	.cong_avoid = (void *)avoid, .ssthresh = (void *)ssthresh,\n"
		"	.undo_cwnd = (void *)undo, .name = \"bcc_one\" };\n"
		"SEC(\".struct_ops.link\") struct tcp_congestion_ops bcc_two = {\n"
		"	.cong_avoid = (void *)avoid, .ssthresh = (void *)ssthresh,\n"
		"	.undo_cwnd = (void *)undo, .name = \"bcc_two\" };\n");

	(void)state;
	check(ctx, bcc_module_attach_all(mod), 2);
	assert_true(offered("bcc_one"));
	assert_true(offered("bcc_two"));
	assert_int_equal(transfer("bcc_two"), 0);
	assert_true(count(mod, 1) > 0);
	bcc_module_destroy(mod);
	assert_false(offered("bcc_one"));
	assert_false(offered("bcc_two"));
}

static const char *message(void)
{
	assert_int_equal(bcc_diag_count(ctx), 1);
	return bcc_diag_message(bcc_diag_get(ctx, 0));
}

static void faults_are_told(void **state)
{
	struct bcc_module *mod = make(dialect), *other;
	struct bcc_program *prog = bcc_module_program(mod, "test_init");

	(void)state;
	assert_int_equal(bcc_program_attach(prog, "struct_ops:none", NULL, NULL), -EINVAL);
	assert_non_null(strstr(message(), "no struct_ops 'none'"));
	assert_non_null(strstr(bcc_diag_hint(bcc_diag_get(ctx, 0)), "bcc_test"));
	check(ctx, bcc_program_attach(prog, "struct_ops:bcc_test", NULL, NULL), 0);
	other = make(dialect);
	prog = bcc_module_program(other, "test_init");
	assert_int_equal(bcc_program_attach(prog, "struct_ops:bcc_test", NULL, NULL), -EEXIST);
	assert_non_null(strstr(message(), "cannot register 'bcc_test'"));
	bcc_module_destroy(mod);
	bcc_module_destroy(other);

	/* what the kernel needs is not there */
	mod = make("#include <net/tcp.h>\n"
		   "STRUCT_OPS_PROBE(undo, struct sock *sk) { return 2; }\n"
		   "BPF_STRUCT_OPS(tcp_congestion_ops, half) { .undo_cwnd = undo, .name = \"half\" };\n");
	assert_int_equal(bcc_module_attach_all(mod), -EINVAL);
	assert_non_null(strstr(message(), "cannot register 'half'"));
	bcc_module_destroy(mod);

	/* the verifier refuses one of the programs, and says where */
	mod = make("#include <net/tcp.h>\n"
		   "STRUCT_OPS_PROBE(undo, struct sock *sk)\n"
		   "{\n"
		   "	struct tcp_sock *tp = (struct tcp_sock *)sk;\n"
		   "	tp->write_seq = 1;\n"
		   "	return 2;\n"
		   "}\n"
		   "BPF_STRUCT_OPS(tcp_congestion_ops, bad) { .undo_cwnd = undo, .name = \"bad\" };\n");
	assert_int_equal(bcc_module_attach_all(mod), BCC_ERR_VERIFIER);
	assert_int_equal(bcc_diag_line(bcc_diag_get(ctx, 0)), 5);
	bcc_module_destroy(mod);
	assert_false(offered("half"));
	assert_false(offered("bad"));
}

/* A text with a struct_ops is still loaded for its other programs. */
static void others_run_beside_it(void **state)
{
	char *text;
	struct bcc_module *mod;
	struct bcc_link *link;

	(void)state;
	assert_true(asprintf(&text, "%s%s", dialect,
			     "TRACEPOINT_PROBE(syscalls, sys_enter_getpgid)\n"
			     "{ if (bpf_get_current_pid_tgid() >> 32 == PID) calls.increment(0);\n"
			     "  return 0; }\n") > 0);
	{
		char pid[32];
		const char *cflags[] = { pid, NULL };
		BCC_OPTS(bcc_module_opts, opts, .cflags = cflags);

		snprintf(pid, sizeof(pid), "-DPID=%d", getpid());
		check(ctx, bcc_module_create(ctx, text, &opts, &mod), 0);
	}
	free(text);
	check(ctx, bcc_program_attach(bcc_module_program(
					      mod, "tracepoint__syscalls__sys_enter_getpgid"),
				      NULL, NULL, &link), 0);
	getpgid(0);
	assert_int_equal(count(mod, 0), 1);
	assert_false(offered("bcc_test"));
	bcc_module_destroy(mod);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(dialect_registers, setup_context, teardown_context),
		cmocka_unit_test_setup_teardown(libbpf_style_registers, setup_context, teardown_context),
		cmocka_unit_test_setup_teardown(faults_are_told, setup_context, teardown_context),
		cmocka_unit_test_setup_teardown(others_run_beside_it, setup_context, teardown_context),
	};
	struct kernel *k;

	need_bpf();
	assert_int_equal(kernel_open(&(struct kernel_opts){ 0 }, &k), 0);
	if (!kernel_has_struct(k, "bpf_struct_ops_tcp_congestion_ops")) {
		printf("skipped: this kernel has no struct_ops for TCP congestion control\n");
		return 77;
	}
	kernel_close(k);
	if (unshare(CLONE_NEWNET)) {
		printf("skipped: no network namespace can be made here\n");
		return 77;
	}
	loopback_up();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
