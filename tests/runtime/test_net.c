/*
 * Hooks of network devices and routes: each one fires, exactly as often as there are packets, stops
 * when it is detached, and leaves nothing behind: detached, or killed with SIGKILL. What is there
 * is asked from ip and tc, not from the library.
 */
#include "runtime.h"

#include <bcc/bcc.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/version.h>
#include <net/if.h>
#include <sys/syscall.h>

#include "netlab.h"

static const char text[] =
	"BPF_ARRAY(n, u64, 1);\n"
	"static int see(u32 len) {\n"
	"	int zero = 0;\n"
	"	if (len >= 780 && len <= 900) n.increment(zero);\n"
	"	return 0; }\n"
	"int on_skb(struct __sk_buff *skb) { see(skb->len); return 0; }\n"
	"int on_next(struct __sk_buff *skb) { see(skb->len); return -1; }\n"
	"int on_xdp(struct xdp_md *ctx) { see(ctx->data_end - ctx->data); return XDP_PASS; }\n"
	"SEC(\"xdp.frags\") int on_frags(struct xdp_md *ctx)\n"
	"{ see(ctx->data_end - ctx->data); return XDP_PASS; }\n"
	"SEC(\"xdp/devmap\") int in_map(struct xdp_md *ctx) { return XDP_PASS; }\n"
	"SEC(\"socket\") int written_for_sockets(struct __sk_buff *skb)\n"
	"{ see(skb->len); return 0; }\n";

/* Types that only kernels with netfilter programs have. */
static const char nf_text[] =
	"BPF_ARRAY(n, u64, 1);\n"
	"SEC(\"netfilter\") int on_nf(struct bpf_nf_ctx *ctx) {\n"
	"	int zero = 0; u32 len = ctx->skb->len;\n"
	"	if (len >= 780 && len <= 900) n.increment(zero);\n"
	"	return 1; }\n";

#define V(major, minor) KERNEL_VERSION(major, minor, 0)

static struct lab lab;
static struct bcc_context *ctx;
static struct bcc_module *mod, *nf_mod; /* the second is NULL where there are no such types */
static int descriptors;

/* Once for all: where this runs under an emulator, compiling takes seconds. */
static int open_modules(void **state)
{
	BCC_OPTS(bcc_context_opts, opts, .compiler_path = TEST_COMPILER);

	(void)state;
	descriptors = bpf_descriptors();
	assert_int_equal(bcc_context_create(&opts, &ctx), 0);
	check(ctx, bcc_module_create(ctx, text, NULL, &mod), 0);
	if (bcc_module_create(ctx, nf_text, NULL, &nf_mod))
		assert_true(kernel_version_code() < V(6, 4));
	return 0;
}

static int close_modules(void **state)
{
	(void)state;
	bcc_context_destroy(ctx);
	assert_int_equal(bpf_descriptors(), descriptors);
	return 0;
}

static bool clean(void);

static int setup(void **state)
{
	uint64_t zero = 0;
	int key = 0;

	(void)state;
	check(ctx, bcc_table_set(bcc_module_table(mod, "n"), &key, &zero), 0);
	if (nf_mod)
		check(ctx, bcc_table_set(bcc_module_table(nf_mod, "n"), &key, &zero), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	while (mod->links)
		bcc_link_destroy(mod->links);
	while (nf_mod && nf_mod->links)
		bcc_link_destroy(nf_mod->links);
	assert_true(clean());
	return 0;
}

/* --- what there is --- */

static char *output(const char *command)
{
	FILE *f = popen(command, "re");
	char *out = calloc(1, 65536);
	size_t n;

	assert_non_null(f);
	n = fread(out, 1, 65535, f);
	out[n] = '\0';
	pclose(f);
	return out;
}

static bool shows(const char *command, const char *what)
{
	char *out = output(command);
	bool found = strstr(out, what);

	free(out);
	return found;
}

static const char everything[] =
	"tc qdisc show; tc filter show dev va ingress; tc filter show dev va egress; "
	"ip route show table all; ip -6 route show table all; ip -d link show";

/* Nothing of ours is on the near side. */
static bool clean(void)
{
	return !shows(everything, "clsact") && !shows(everything, "bcc:") &&
	       !shows(everything, "encap") && !shows(everything, "xdp");
}

static bool wait_clean(void)
{
	for (int i = 0; i < 200; i++) {
		if (clean())
			return true;
		usleep(20000);
	}
	return false;
}

/* --- counting --- */

static uint64_t counted(struct bcc_module *m)
{
	uint64_t value = 0;
	int zero = 0;

	check(ctx, bcc_table_get(bcc_module_table(m, "n"), &zero, &value), 0);
	return value;
}

static bool reaches(struct bcc_module *m, uint64_t wanted)
{
	for (int i = 0; i < 200 && counted(m) < wanted; i++)
		usleep(10000);
	return counted(m) == wanted;
}

enum source { NEAR, FAR, SEGMENTS };

static void send_packets(enum source source, const char *to, int n)
{
	struct sending s = { .to = to, .n = n };

	switch (source) {
	case NEAR:
		assert_int_equal(lab_send_here(&s), n);
		break;
	case FAR:
		assert_int_equal(lab_from_far(&lab, lab_send_here, &s), n);
		break;
	case SEGMENTS:
		assert_int_equal(lab_from_far(&lab, lab_send_segments_here, &s), n);
		break;
	}
}

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
	lab_run("ip route replace 10.96.0.0/14 dev va; ip -6 route replace fd98::/64 dev va; "
		"nsenter -n -t %d ip route replace 10.97.0.0/16 dev vb", lab.far);
	send_packets(row->source, row->to, 5);
	usleep(100000);
	assert_int_equal(counted(m), 5);
	lab_run("ip route del 10.96.0.0/14 dev va; ip -6 route del fd98::/64 dev va; "
		"nsenter -n -t %d ip route del 10.97.0.0/16 dev vb", lab.far);
	if (strstr(row->hook, "netkit"))
		lab_run("ip link del nk");
	teardown(NULL);
}

/* --- nothing is left --- */

static struct bcc_link *attach(const char *program, const char *hook)
{
	struct bcc_link *link = NULL;

	check(ctx, bcc_program_attach(bcc_module_program(mod, program), hook, NULL, &link), 0);
	return link;
}

static const char *const stays[][2] = {
	{ "on_skb", "clsact:va:ingress" }, { "on_skb", "clsact:va:egress" },
	{ "on_next", "clsact:va:ingress" }, { "on_skb", "lwt_out:10.98.0.1:va" },
	{ "on_skb", "lwt_xmit:fd98::/64:va" }, { "on_skb", "seg6local:fd88::/64:va" },
	{ "on_xdp", "xdp:va:generic" }, { "on_skb", "tc:va:ingress" },
};

/* A process that has attached all of these, and waits. */
static pid_t start_attached(void)
{
	int ready[2];
	char byte = 'x';
	pid_t pid;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (!pid) {
		close(ready[0]);
		for (size_t i = 0; i < sizeof(stays) / sizeof(*stays); i++)
			if (bcc_program_attach(bcc_module_program(mod, stays[i][0]), stays[i][1],
					       NULL, NULL)) {
				printf("%s", bcc_context_diags_dup(ctx));
				_exit(1);
			}
		(void)!write(ready[1], &byte, 1);
		for (;;)
			pause();
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

/* Calls act for each bcc-undo of this test's namespace; how many there are. */
static int each_undo(void (*act)(pid_t pid))
{
	struct stat own, st;
	struct dirent *entry;
	char path[300], comm[32] = "";
	DIR *dir = opendir("/proc");
	int n = 0;

	assert_int_equal(stat("/proc/self/ns/net", &own), 0);
	while ((entry = readdir(dir))) {
		pid_t pid = atoi(entry->d_name);
		FILE *f;

		snprintf(path, sizeof(path), "/proc/%s/ns/net", entry->d_name);
		if (pid <= 0 || stat(path, &st) || st.st_ino != own.st_ino)
			continue;
		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		f = fopen(path, "re");
		if (!f)
			continue;
		if (fgets(comm, sizeof(comm), f) && !strcmp(comm, "bcc-undo\n")) {
			n++;
			if (act)
				act(pid);
		}
		fclose(f);
	}
	closedir(dir);
	return n;
}

static void kill_it(pid_t pid)
{
	kill(pid, SIGKILL);
}

static void stop_it(pid_t pid)
{
	kill(pid, SIGTERM);
	kill(pid, SIGINT);
	kill(pid, SIGHUP);
}

static void end(pid_t pid, int signal)
{
	int status;

	kill(pid, signal);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status) && WTERMSIG(status) == signal);
}

static void assert_attached(void)
{
	assert_true(shows("tc qdisc show dev va", "clsact"));
	assert_true(shows("tc filter show dev va ingress", "bcc:"));
	assert_true(shows("tc filter show dev va egress", "bcc:"));
	assert_true(shows("ip route show", "10.98.0.1  encap bpf out"));
	assert_true(shows("ip -6 route show", "fd98::/64  encap bpf xmit"));
	assert_true(shows("ip -6 route show", "fd88::/64  encap seg6local action End.BPF"));
	assert_true(shows("ip link show va", "xdpgeneric"));
	assert_true(each_undo(NULL) >= 6);
}

static void killed(void **state)
{
	pid_t pid = start_attached();

	(void)state;
	assert_attached();
	/* What the terminal or an impatient user sends does not reach it. */
	each_undo(stop_it);
	usleep(100000);
	assert_attached();
	end(pid, SIGKILL);
	assert_true(wait_clean());
	for (int i = 0; i < 100 && each_undo(NULL); i++)
		usleep(20000);
	assert_int_equal(each_undo(NULL), 0);
}

/* The guard dies with its process: the next one that comes cleans up, the qdisc too. */
static void killed_with_guard(void **state)
{
	static const size_t ours[] = { 0, 3, 4 };
	pid_t pid = start_attached();

	(void)state;
	assert_attached();
	kill(pid, SIGSTOP);
	each_undo(kill_it);
	end(pid, SIGKILL);
	/* Links are gone, these are not. */
	assert_true(shows("tc filter show dev va ingress", "bcc:"));
	assert_true(shows("ip route show", "encap bpf"));
	setup(NULL);
	for (size_t i = 0; i < sizeof(ours) / sizeof(*ours); i++)
		attach(stays[ours[i]][0], stays[ours[i]][1]);
	teardown(NULL);
}

/* Detaching works also when somebody has killed what guards against the process's death. */
static void guard_is_dead(void **state)
{
	struct bcc_link *filter = attach("on_skb", "clsact:va:ingress");
	struct bcc_link *route = attach("on_skb", "lwt_out:10.98.0.0/16:va");

	(void)state;
	assert_int_equal(each_undo(kill_it), 2);
	for (int i = 0; i < 100 && each_undo(NULL); i++)
		usleep(10000);
	check(ctx, bcc_link_detach(filter), 0);
	check(ctx, bcc_link_detach(route), 0);
	assert_int_equal(bcc_diag_count(ctx), 0);
	assert_true(clean());
}

static void qdisc_is_shared(void **state)
{
	struct bcc_link *first, *second;

	(void)state;
	first = attach("on_skb", "clsact:va:ingress");
	second = attach("on_skb", "clsact:va:egress");
	check(ctx, bcc_link_detach(first), 0);
	assert_true(shows("tc qdisc show dev va", "clsact"));
	assert_false(shows("tc filter show dev va ingress", "bcc:"));
	send_packets(NEAR, "10.77.0.2", 3);
	assert_true(reaches(mod, 3));
	check(ctx, bcc_link_detach(second), 0);
	assert_false(shows("tc qdisc show dev va", "clsact"));
}

static void foreign_things_stay(void **state)
{
	(void)state;
	/* A qdisc of somebody else. */
	lab_must("tc qdisc add dev va clsact");
	bcc_link_destroy(attach("on_skb", "clsact:va:ingress"));
	assert_true(shows("tc qdisc show dev va", "clsact"));
	lab_must("tc qdisc del dev va clsact");

	/* A filter of somebody else in our qdisc: both stay, and work. */
	struct bcc_link *link = attach("on_next", "clsact:va:ingress");

	lab_must("tc filter add dev va egress protocol ip u32 match u32 0 0");
	bcc_link_destroy(link);
	assert_true(shows("tc qdisc show dev va", "clsact"));
	assert_true(shows("tc filter show dev va egress", "u32"));
	assert_false(shows("tc filter show dev va ingress", "bcc:"));
	lab_must("tc qdisc del dev va clsact");

	/* A route of somebody else to the same prefix. */
	lab_must("ip route add 10.98.0.0/16 dev va");
	assert_int_equal(bcc_program_attach(bcc_module_program(mod, "on_skb"),
					    "lwt_out:10.98.0.0/16:va", NULL, NULL), -EEXIST);
	assert_true(shows("ip route show", "10.98.0.0/16 dev va"));
	lab_must("ip route del 10.98.0.0/16 dev va");
}

/* Whoever takes the interface away leaves nothing to undo, and that is no error. */
static void gone_before_detach(void **state)
{
	struct bcc_link *filter, *route;

	(void)state;
	lab_must("ip link add ve type veth peer name vz && ip link set ve up && "
		 "ip link set vz up");
	filter = attach("on_skb", "clsact:ve:ingress");
	route = attach("on_skb", "lwt_out:10.95.0.0/16:ve");
	lab_must("ip link del ve");
	check(ctx, bcc_link_detach(filter), 0);
	check(ctx, bcc_link_detach(route), 0);
	assert_int_equal(bcc_diag_count(ctx), 0);
}

/* By number, and by an alternative name. */
static void other_names(void **state)
{
	char hook[64];

	(void)state;
	snprintf(hook, sizeof(hook), "clsact:%u:ingress", if_nametoindex("va"));
	bcc_link_destroy(attach("on_skb", hook));
	lab_must("ip link property add dev va altname a-rather-long-name-of-it");
	bcc_link_destroy(attach("on_xdp", "xdp:a-rather-long-name-of-it"));
	lab_must("ip link property del dev va altname a-rather-long-name-of-it");
}

/* --- what does not work, in words --- */

struct refusal {
	const char *program, *hook;
	int err;
	const char *message, *hint; /* parts of them */
};

static void refused(const struct refusal *r)
{
	const struct bcc_diag *diag;
	int err;

	err = bcc_program_attach(bcc_module_program(mod, r->program), r->hook, NULL, NULL);
	if (err != r->err)
		print_message("%s\n", r->hook);
	check(ctx, err, r->err);
	assert_int_equal(bcc_diag_count(ctx), 1);
	diag = bcc_diag_get(ctx, 0);
	if (!strstr(bcc_diag_message(diag), r->message))
		print_message("%s\n", bcc_diag_message(diag));
	assert_non_null(strstr(bcc_diag_message(diag), r->message));
	if (r->hint && (!bcc_diag_hint(diag) || !strstr(bcc_diag_hint(diag), r->hint)))
		print_message("%s\n", bcc_diag_hint(diag) ? bcc_diag_hint(diag) : "no hint");
	if (r->hint)
		assert_non_null(strstr(bcc_diag_hint(diag), r->hint));
}

static void refusals(void **state)
{
	static const struct refusal all[] = {
		{ "on_xdp", "xdp:uplnk0", BCC_ERR_NO_HOOK,
		  "there is no network interface 'uplnk0'", "similar names: uplink0" },
		{ "on_xdp", "xdp:nothing-like-it", BCC_ERR_NO_HOOK, "no network interface",
		  "the interfaces are lo" },
		{ "on_xdp", "xdp:424242", BCC_ERR_NO_HOOK, "no network interface '424242'", NULL },
		{ "on_skb", "clsact:nope:ingress", BCC_ERR_NO_HOOK, "no network interface", NULL },
		{ "on_skb", "lwt_out:10.0.0.0/8:nope", BCC_ERR_NO_HOOK, "no network interface",
		  NULL },
		{ "on_xdp", "xdp:va@/run/netns/no-such-thing", BCC_ERR_NO_HOOK,
		  "there is no network namespace /run/netns/no-such-thing", NULL },
		{ "on_xdp", "xdp:va@99999999", -ESRCH, "there is no process 99999999", NULL },
		{ "on_xdp", "xdp:va@no-such-name", BCC_ERR_NO_HOOK,
		  "there is no network namespace no-such-name", "ip netns" },
		{ "on_xdp", "xdp:va@/etc/passwd", -EINVAL, "/etc/passwd is no network namespace",
		  "/run/netns/NAME" },
		{ "on_xdp", "xdp:va@/proc/self/ns/pid", -EINVAL, "is no network namespace", NULL },
		{ "on_skb", "xdp:va", -EINVAL, "program 'on_skb' is written for", "choose a hook" },
		{ "on_xdp", "tc:va:ingress", -EINVAL, "is written for \"xdp\"", NULL },
		{ "on_xdp", "lwt_in:10.0.0.0/8:va", -EINVAL, "struct __sk_buff *", NULL },
		{ "in_map", "xdp:va", -EINVAL, "belongs into a map", "bcc_program_fd" },
		{ "on_xdp", "xdp:lo:native", BCC_ERR_KERNEL, "the driver of lo has no native XDP",
		  "generic" },
		{ "on_skb", "lwt_out:10.1.0.0/16 via 10.200.0.1:va", -ENETUNREACH,
		  "the kernel says: ", NULL },
	};

	(void)state;
	lab_must("ip link add uplink0 type veth peer name other");
	for (size_t i = 0; i < sizeof(all) / sizeof(*all); i++)
		refused(&all[i]);
	lab_must("ip link del uplink0");
}

static void occupied(void **state)
{
	const struct refusal second = { "on_frags", "xdp:va", -EBUSY,
					"cannot attach program 'on_frags' to xdp:va",
					"an interface has one XDP program" };
	struct bcc_link *link = attach("on_xdp", "xdp:va");

	(void)state;
	if (kernel_version_code() >= V(5, 18))
		refused(&second);
	bcc_link_destroy(link);

	const struct refusal egress = { "on_skb", "clsact:va:egress", -EBUSY,
					"there is a qdisc \"ingress\"", "tc qdisc replace" };

	lab_must("tc qdisc add dev va ingress");
	refused(&egress);
	link = attach("on_skb", "clsact:va:ingress");
	send_packets(FAR, "10.77.0.1", 2);
	assert_true(reaches(mod, 2));
	bcc_link_destroy(link);
	assert_true(shows("tc qdisc show dev va", "ingress"));
	lab_must("tc qdisc del dev va ingress");
}

static void too_old(void **state)
{
	const struct refusal tcx = { "on_skb", "tcx:va:ingress", BCC_ERR_KERNEL,
				     "this kernel has no tcx (since Linux 6.6", "tc:" };
	const struct refusal nf = { "on_skb", "netfilter:ipv4:input", BCC_ERR_KERNEL,
				    "this kernel has no programs on netfilter (since Linux 6.4",
				    "tc:" };
	struct bcc_link *link = NULL;

	(void)state;
	if (kernel_version_code() >= V(6, 6)) {
		print_message("skipped: this kernel has it all\n");
		skip();
	}
	refused(&tcx);
	if (kernel_version_code() < V(6, 4))
		refused(&nf);
	check(ctx, bcc_program_attach(bcc_module_program(mod, "on_skb"),
				      "tcx:va:ingress | clsact:va:ingress", NULL, &link), 0);
	assert_string_equal(bcc_link_mechanism(link), "clsact filter");
}

/* Everything that BPF needs, but for CAP_NET_ADMIN. */
static int attach_unprivileged(const char *hook)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { 0 };
	const char *message;
	int status, err;
	pid_t pid = fork();

	if (!pid) {
		data[1].effective = data[1].permitted = 1u << (38 - 32) | 1u << (39 - 32);
		if (syscall(SYS_capset, &header, data))
			_exit(2);
		err = bcc_program_attach(bcc_module_program(mod, "on_skb"), hook, NULL, NULL);
		message = err ? bcc_diag_message(bcc_diag_get(ctx, 0)) : "";
		if (err != BCC_ERR_PRIVILEGE || !strstr(message, "CAP_NET_ADMIN")) {
			printf("%s: %s\n", bcc_error_name(err), message);
			_exit(1);
		}
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void unprivileged(void **state)
{
	(void)state;
	assert_int_equal(attach_unprivileged("clsact:va:ingress"), 0);
	assert_int_equal(attach_unprivileged("lwt_out:10.98.0.0/16:va"), 0);
	/* Also when somebody else has loaded it. */
	bcc_link_destroy(attach("on_skb", "clsact:va:egress"));
	assert_int_equal(attach_unprivileged("clsact:va:ingress"), 0);
	assert_int_equal(attach_unprivileged("lwt_out:10.98.0.0/16:va"), 0);
}

/* Without the program that undoes nothing is made. */
static void no_guard(void **state)
{
	static const struct refusal r = { "on_skb", "clsact:va:ingress", -ENOENT,
					  "/bcc-undo, which takes filters and routes away again",
					  "part of the package" };
	char dir[] = "/tmp/bcc-test-net-XXXXXX", path[64];
	struct bcc_context *usual = ctx;
	struct bcc_module *usual_mod = mod;
	BCC_OPTS(bcc_context_opts, opts, .compiler_path = path);

	(void)state;
	assert_non_null(mkdtemp(dir));
	snprintf(path, sizeof(path), "%s/bcc-compiler", dir);
	assert_int_equal(symlink(TEST_COMPILER, path), 0);
	assert_int_equal(bcc_context_create(&opts, &ctx), 0);
	check(ctx, bcc_module_create(ctx, text, NULL, &mod), 0);
	refused(&r);
	bcc_context_destroy(ctx);
	ctx = usual;
	mod = usual_mod;
	unlink(path);
	rmdir(dir);
}

/* The calling thread is where it was. */
static void namespace_is_kept(void **state)
{
	struct stat before, after;
	char hook[64];

	(void)state;
	assert_int_equal(stat("/proc/thread-self/ns/net", &before), 0);
	snprintf(hook, sizeof(hook), "clsact:vb@%d:egress", lab.far);
	attach("on_skb", hook);
	snprintf(hook, sizeof(hook), "xdp:vb@%d", lab.far);
	attach("on_xdp", hook);
	assert_int_equal(stat("/proc/thread-self/ns/net", &after), 0);
	assert_int_equal(before.st_ino, after.st_ino);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest others[] = {
		cmocka_unit_test(killed), cmocka_unit_test(killed_with_guard),
		TEST(guard_is_dead), TEST(qdisc_is_shared), TEST(foreign_things_stay), TEST(gone_before_detach),
		TEST(other_names), TEST(refusals), TEST(occupied), TEST(too_old),
		TEST(unprivileged), TEST(no_guard), TEST(namespace_is_kept),
	};
	const size_t n_others = sizeof(others) / sizeof(*others);
	struct CMUnitTest tests[N_ROWS + sizeof(others) / sizeof(*others)];
	int failed;

	for (size_t i = 0; i < N_ROWS; i++)
		tests[i] = (struct CMUnitTest){ .name = rows[i].hook, .test_func = fires,
						.initial_state = (void *)&rows[i] };
	memcpy(tests + N_ROWS, others, sizeof(others));
	need_bpf();
	setvbuf(stdout, NULL, _IOLBF, 0);
	lab_open(&lab);
	failed = _cmocka_run_group_tests("net", tests, N_ROWS + n_others, open_modules,
					 close_modules);
	lab_close(&lab);
	return failed;
}
