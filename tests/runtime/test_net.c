/*
 * Hooks of network devices and routes: each one fires, exactly as often as there are packets, stops
 * when it is detached, and leaves nothing behind.
 */
#include "net_fixture.h"

struct row {
	const char *hook; /* %d: the far side's process */
	const char *program;
	const char *mechanism;
	enum source source;
	const char *to;
	uint32_t since;
	bool optional; /* a module that not every kernel is built with */
};

static const struct row rows[] = {
	{ "xdp:va", "on_xdp", "xdp link (native)", FAR, "10.77.0.1", 0, false },
	{ "xdp:va:native", "on_xdp", "xdp link (native)", FAR, "fd77::1", 0, false },
	{ "xdp:va:generic", "on_xdp", "xdp link (generic)", FAR, "10.77.0.1", 0, false },
	{ "xdp:va", "on_frags", "xdp link (native)", FAR, "10.77.0.1", V(5, 18), false },
	{ "xdp:lo", "on_xdp", "xdp link (generic)", NEAR, "127.0.0.1", 0, false },
	{ "xdp:vb@%d", "on_xdp", "xdp link (native)", NEAR, "10.77.0.2", 0, false },
	{ "xdp:vb@/proc/%d/ns/net:generic", "on_xdp", "xdp link (generic)", NEAR, "10.77.0.2", 0,
	  false },
	{ "tc:va:ingress", "on_skb", NULL, FAR, "10.77.0.1", 0, false },
	{ "tc:va:egress", "on_skb", NULL, NEAR, "fd77::2", 0, false },
	{ "tc:vb@%d:ingress", "written_for_sockets", NULL, NEAR, "10.77.0.2", 0, false },
	{ "tcx:va:ingress", "on_next", "tcx link", FAR, "10.77.0.1", V(6, 6), false },
	{ "tcx:va:egress", "on_next", "tcx link", NEAR, "10.77.0.2", V(6, 6), false },
	{ "clsact:va:ingress", "on_skb", "clsact filter", FAR, "10.77.0.1", 0, false },
	{ "clsact:va:egress", "on_next", "clsact filter", NEAR, "fd77::2", 0, false },
	{ "clsact:vb@%d:ingress", "on_skb", "clsact filter", NEAR, "10.77.0.2", 0, false },
	{ "tc_action:va:ingress", "on_skb", "tc action", FAR, "10.77.0.1", 0, true },
	{ "tc_action:va:egress", "on_next", "tc action", NEAR, "10.77.0.2", 0, true },
	{ "netkit:nk:primary", "on_skb", "netkit link", NEAR, "10.79.0.2", V(6, 7), true },
	{ "netkit:nk:peer", "on_next", "netkit link", FAR, "10.79.0.1", V(6, 7), true },
	{ "lwt_in:10.99.0.0/24:vc", "on_skb", "lwt route", FAR, "10.99.0.1", 0, false },
	{ "lwt_out:10.98.0.1:va", "on_skb", "lwt route", NEAR, "10.98.0.1", 0, false },
	{ "lwt_out:fd98::/64:va", "on_skb", "lwt route", NEAR, "fd98::1", 0, false },
	{ "lwt_xmit:10.98.0.0/16:va", "on_skb", "lwt route", NEAR, "10.98.0.1", 0, false },
	{ "lwt_xmit:10.98.0.0/16 via 10.77.0.2:va", "on_skb", "lwt route", NEAR, "10.98.0.1", 0,
	  false },
	{ "lwt_xmit:fd77::2/128:va", "on_skb", "lwt route", NEAR, "fd77::2", 0, false },
	{ "lwt_out:10.97.0.0/16:vb@%d", "on_skb", "lwt route", FAR, "10.97.0.1", 0, false },
	{ "seg6local:fd88::/64:va", "on_skb", "seg6local route", SEGMENTS, "fd88::1", 0, false },
	{ "netfilter:ipv4:output", "on_nf", "netfilter link", NEAR, "10.77.0.2", V(6, 4), false },
	{ "netfilter:ipv4:input", "on_nf", "netfilter link", FAR, "10.77.0.1", V(6, 4), false },
	{ "netfilter:ipv4:prerouting:-100", "on_nf", "netfilter link", FAR, "10.77.0.1", V(6, 4),
	  false },
	{ "netfilter:ipv4:forward", "on_nf", "netfilter link", FAR, "10.78.0.9", V(6, 4), false },
	{ "netfilter:ipv6:postrouting:7", "on_nf", "netfilter link", NEAR, "fd77::2", V(6, 4),
	  false },
	{ "netfilter:ipv4:prerouting@%d", "on_nf", "netfilter link", NEAR, "10.77.0.2", V(6, 4),
	  false },
};

#define N_ROWS (sizeof(rows) / sizeof(*rows))

/* Attaches, or skips the test where the kernel says that it has no such thing. */
static struct bcc_link *attach_row(const struct row *row, char *hook, size_t size)
{
	struct bcc_module *m = bcc_module_program(mod, row->program) ? mod : nf_mod;
	struct bcc_program *prog = m ? bcc_module_program(m, row->program) : NULL;
	struct bcc_link *link = NULL;
	bool older = kernel_version_code() < row->since;
	int err;

	snprintf(hook, size, row->hook, lab.far);
	if (!prog && older)
		skip();
	assert_non_null(prog);
	err = bcc_program_attach(prog, hook, NULL, &link);
	if (err && (older || row->optional)) {
		print_message("skipped: %s\n", bcc_diag_message(bcc_diag_get(ctx, 0)));
		assert_true(err == BCC_ERR_KERNEL || err == BCC_ERR_NO_HOOK);
		skip();
	}
	check(ctx, err, 0);
	return link;
}

static void fires(void **state)
{
	const struct row *row = *state;
	bool on_route = !strncmp(row->hook, "lwt_", 4);
	struct bcc_module *m;
	struct bcc_link *link;
	char hook[128];

	setup(NULL);
	if (strstr(row->hook, "netkit"))
		lab_netkit(&lab);
	link = attach_row(row, hook, sizeof(hook));
	if (row->mechanism)
		assert_string_equal(bcc_link_mechanism(link), row->mechanism);
	else if (kernel_version_code() >= V(6, 6))
		assert_string_equal(bcc_link_mechanism(link), "tcx link");
	else
		assert_string_equal(bcc_link_mechanism(link), "clsact filter");
	assert_string_equal(bcc_link_hook(link), hook);
	if (!strcmp(hook, "xdp:lo")) {
		BCC_OPTS(bcc_link_info, info);

		check(ctx, bcc_link_describe(link, &info), 0);
		assert_string_equal(info.why, "the driver of lo has no native XDP");
	}
	m = bcc_program_module(bcc_link_program(link));
	assert_int_equal(counted(m), 0);
	send_packets(row->source, row->to, 5);
	assert_true(reaches(m, 5));
	check(ctx, bcc_link_detach(link), 0);
	assert_int_equal(bcc_diag_count(ctx), 0);
	/* Packets that went by the program's own route need another one. */
	if (on_route)
		lab_run("ip route replace 10.96.0.0/14 dev va; ip -6 route replace fd98::/64 dev va; "
			"nsenter -n -t %d ip route replace 10.97.0.0/16 dev vb", lab.far);
	send_packets(row->source, row->to, 5);
	usleep(100000);
	assert_int_equal(counted(m), 5);
	if (on_route)
		lab_run("ip route del 10.96.0.0/14 dev va; ip -6 route del fd98::/64 dev va; "
			"nsenter -n -t %d ip route del 10.97.0.0/16 dev vb", lab.far);
	if (strstr(row->hook, "netkit"))
		lab_run("ip link del nk");
	teardown(NULL);
}

int main(void)
{
	struct CMUnitTest tests[N_ROWS];
	int failed;

	for (size_t i = 0; i < N_ROWS; i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].hook, .test_func = fires,
						.initial_state = (void *)&rows[i] };
	need_bpf();
	setvbuf(stdout, NULL, _IOLBF, 0);
	lab_open(&lab);
	failed = _cmocka_run_group_tests("net", tests, N_ROWS, open_modules, close_modules);
	lab_close(&lab);
	return failed;
}
