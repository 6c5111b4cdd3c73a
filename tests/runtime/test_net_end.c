/*
 * What hooks of network devices and routes leave behind, which is nothing: detached, killed with
 * SIGKILL, with the interface gone, among things of others. What is there is asked from ip and tc,
 * not from the library. And what does not work says so.
 */
#include "net_fixture.h"

#include <linux/capability.h>
#include <net/if.h>
#include <sys/syscall.h>

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
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(killed), cmocka_unit_test(killed_with_guard),
		TEST(guard_is_dead), TEST(qdisc_is_shared), TEST(foreign_things_stay),
		TEST(gone_before_detach), TEST(other_names), TEST(refusals), TEST(occupied),
		TEST(too_old), TEST(unprivileged), TEST(no_guard), TEST(namespace_is_kept),
	};
	int failed;

	need_bpf();
	setvbuf(stdout, NULL, _IOLBF, 0);
	lab_open(&lab);
	failed = cmocka_run_group_tests_name("net", tests, open_modules, close_modules);
	lab_close(&lab);
	return failed;
}
