/*
 * Programs on cgroups: each kind of hook counts exactly what a process in the test's own cgroup does
 * in the test's own network, nothing of what one outside does, nothing after a detach, and nothing
 * is left when the process that attached is killed.
 *
 * TOP/in is where the tests run, TOP/out is next to it; the parent of the tests makes and removes
 * them.
 */
#include "network.h"

#include <linux/capability.h>
#include <sys/syscall.h>

static char top[256];   /* absolute */
static char below[128]; /* TOP/in as hooks name it: below the mount */
static char mount_at[128];

static bool find_mount(void)
{
	FILE *f = fopen("/proc/self/mounts", "re");
	char line[1024], type[32];
	bool found = false;

	while (f && !found && fgets(line, sizeof(line), f))
		found = sscanf(line, "%*s %127s %31s", mount_at, type) == 2 &&
			!strcmp(type, "cgroup2");
	if (f)
		fclose(f);
	return found;
}

static const char *child_of_top(const char *name)
{
	static char path[300];

	snprintf(path, sizeof(path), "%s/%s", top, name);
	return path;
}

/* Moves the calling process. */
static int enter(const char *name)
{
	char path[320];
	int fd, n;

	snprintf(path, sizeof(path), "%s/cgroup.procs", child_of_top(name));
	fd = open(path, O_WRONLY | O_CLOEXEC);
	n = fd < 0 ? -1 : (int)write(fd, "0", 1);
	if (fd >= 0)
		close(fd);
	return n == 1 ? 0 : -errno;
}

/* --- what is counted; each does it TIMES times --- */

static void datagrams(int family)
{
	struct address at;
	int fd = bound_socket(family, SOCK_DGRAM, &at);

	send_to(fd, &at, TIMES);
	close(fd);
}

static void sockets(int family)
{
	for (int i = 0; i < TIMES; i++)
		close(new_socket(family, SOCK_DGRAM));
}

static void binds(int family)
{
	for (int i = 0; i < TIMES; i++) {
		struct address at = loopback(family);
		int fd = new_socket(family, SOCK_DGRAM);

		assert_int_equal(bind(fd, &at.any, at.size), 0);
		close(fd);
	}
}

static void connects(int family)
{
	struct address at;
	int fd = bound_socket(family, SOCK_DGRAM, &at);

	for (int i = 0; i < TIMES; i++)
		close(connected_socket(family, SOCK_DGRAM, &at));
	close(fd);
}

static void tcp_connects(int family)
{
	int ends[2];

	(void)family;
	for (int i = 0; i < TIMES; i++) {
		tcp_pair(ends);
		close(ends[0]);
		close(ends[1]);
	}
}

static void names(int family)
{
	struct address at = loopback(family), name;
	int fd = new_socket(family, SOCK_DGRAM);

	assert_int_equal(bind(fd, &at.any, at.size), 0);
	for (int i = 0; i < TIMES; i++) {
		name.size = sizeof(name.un);
		assert_int_equal(getsockname(fd, &name.any, &name.size), 0);
	}
	close(fd);
}

static void peer_names(int family)
{
	struct address at, name;
	int to = bound_socket(family, SOCK_DGRAM, &at);
	int fd = connected_socket(family, SOCK_DGRAM, &at);

	for (int i = 0; i < TIMES; i++) {
		name.size = sizeof(name.un);
		assert_int_equal(getpeername(fd, &name.any, &name.size), 0);
	}
	close(fd);
	close(to);
}

static void options_get(int family)
{
	int value, fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	socklen_t size = sizeof(value);

	for (int i = 0; i < TIMES; i++)
		assert_int_equal(getsockopt(fd, SOL_SOCKET, SO_RCVBUF, &value, &size), 0);
	close(fd);
}

static void options_set(int family)
{
	int value = 1, fd = socket(family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	for (int i = 0; i < TIMES; i++)
		assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &value, sizeof(value)),
				 0);
	close(fd);
}

static void sysctls(int family)
{
	char value[16];

	(void)family;
	for (int i = 0; i < TIMES; i++) {
		int fd = open("/proc/sys/net/ipv4/ip_forward", O_RDONLY | O_CLOEXEC);

		assert_true(fd >= 0);
		assert_true(read(fd, value, sizeof(value)) > 0);
		close(fd);
	}
}

static void devices(int family)
{
	(void)family;
	for (int i = 0; i < TIMES; i++) {
		int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

		assert_true(fd >= 0);
		close(fd);
	}
}

static const struct row {
	const char *kind;
	const char *program;
	void (*stimulus)(int family);
	int family;
} rows[] = {
	{ "ingress", "on_skb", datagrams, AF_INET },
	{ "egress", "on_skb", datagrams, AF_INET },
	{ "sock_create", "on_sock", sockets, AF_INET },
	{ "sock_release", "on_sock", sockets, AF_INET },
	{ "post_bind4", "on_sock", binds, AF_INET },
	{ "post_bind6", "on_sock", binds, AF_INET6 },
	{ "bind4", "on_address", binds, AF_INET },
	{ "bind6", "on_address", binds, AF_INET6 },
	{ "connect4", "on_address", connects, AF_INET },
	{ "connect6", "on_address", connects, AF_INET6 },
	{ "sendmsg4", "on_address", datagrams, AF_INET },
	{ "sendmsg6", "on_address", datagrams, AF_INET6 },
	{ "recvmsg4", "on_address", datagrams, AF_INET },
	{ "recvmsg6", "on_address", datagrams, AF_INET6 },
	{ "getpeername4", "on_address", peer_names, AF_INET },
	{ "getpeername6", "on_address", peer_names, AF_INET6 },
	{ "getsockname4", "on_address", names, AF_INET },
	{ "getsockname6", "on_address", names, AF_INET6 },
	{ "connect_unix", "on_address", connects, AF_UNIX },
	{ "sendmsg_unix", "on_address", datagrams, AF_UNIX },
	{ "recvmsg_unix", "on_address", datagrams, AF_UNIX },
	{ "getpeername_unix", "on_address", peer_names, AF_UNIX },
	{ "getsockname_unix", "on_address", names, AF_UNIX },
	{ "getsockopt", "on_option", options_get, AF_INET },
	{ "setsockopt", "on_option", options_set, AF_INET },
	{ "sysctl", "on_sysctl", sysctls, 0 },
	{ "device", "on_device", devices, 0 },
	{ "sock_ops", "on_ops", tcp_connects, AF_INET },
};

#define N_ROWS (sizeof(rows) / sizeof(*rows))

static bool too_new(const struct row *row)
{
	return row->family == AF_UNIX && kernel_version_code() < 0x060700;
}

static bool has_ipv6(void)
{
	struct address at = loopback(AF_INET6);
	int fd = socket(AF_INET6, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	bool has = fd >= 0 && !bind(fd, &at.any, at.size);

	if (fd >= 0)
		close(fd);
	return has;
}

/* --- tests --- */

/* The same by a process that is next to the cgroup. */
static void outside(const struct row *row)
{
	int status = 0;
	pid_t child = fork_child();

	if (!child) {
		if (enter("out"))
			_exit(2);
		row->stimulus(row->family);
		_exit(0);
	}
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
}

static void counts_exactly(struct net_fixture *f, const struct row *row)
{
	struct bcc_link *link;
	char hook[300];

	reset(f);
	snprintf(hook, sizeof(hook), "cgroup:%s:%s", below, row->kind);
	link = attach(f, row->program, hook);
	assert_string_equal(bcc_link_mechanism(link), "cgroup link");
	assert_string_equal(bcc_link_hook(link), hook);
	assert_int_equal(bcc_link_socket(link), -ENOENT);
	row->stimulus(row->family);
	if (runs(f) != TIMES)
		fail_msg("%s ran %d times, not %d", row->kind, (int)runs(f), TIMES);
	outside(row);
	if (runs(f) != TIMES)
		fail_msg("%s counts what is outside", row->kind);
	assert_int_equal(bcc_link_detach(link), 0);
	row->stimulus(row->family);
	if (runs(f) != TIMES)
		fail_msg("%s counts after it was detached", row->kind);
	bcc_link_destroy(link);
}

static void each_kind(void **state)
{
	struct net_fixture *f = *state;
	bool ipv6 = has_ipv6();
	char hook[300];

	for (size_t i = 0; i < N_ROWS; i++) {
		if (rows[i].family == AF_INET6 && !ipv6) {
			print_message("skipped: %s: no IPv6 here\n", rows[i].kind);
			continue;
		}
		if (too_new(&rows[i])) {
			print_message("skipped: %s needs Linux 6.7\n", rows[i].kind);
			snprintf(hook, sizeof(hook), "cgroup:%s:%s", below, rows[i].kind);
			REFUSES(f, rows[i].program, hook, BCC_ERR_KERNEL, "needs Linux 6.7", NULL);
			continue;
		}
		counts_exactly(f, &rows[i]);
	}
}

/* A program that says no is obeyed, until it is detached. */
static void denies(void **state)
{
	struct net_fixture *f = *state;
	struct address at;
	int to = bound_socket(AF_INET, SOCK_DGRAM, &at), fd = new_socket(AF_INET, SOCK_DGRAM);
	struct bcc_link *link;
	char hook[300];

	snprintf(hook, sizeof(hook), "cgroup:%s/in:connect4", top);
	link = attach(f, "on_deny", hook);
	assert_int_equal(connect(fd, &at.any, at.size), -1);
	assert_int_equal(errno, EPERM);
	bcc_link_destroy(link);
	assert_int_equal(connect(fd, &at.any, at.size), 0);
	close(fd);
	close(to);
}

/* Another program in its place, on the same link. */
static void exchanged(void **state)
{
	struct net_fixture *f = *state;
	struct bcc_link *link = attach(f, "on_address", "cgroup:self:connect4");
	struct address at;
	int to = bound_socket(AF_INET, SOCK_DGRAM, &at), fd = new_socket(AF_INET, SOCK_DGRAM);

	assert_int_equal(connect(fd, &at.any, at.size), 0);
	check(f->ctx, bcc_link_update(link, bcc_module_program(f->mod, "on_deny")), 0);
	assert_int_equal(connect(fd, &at.any, at.size), -1);
	assert_int_equal(errno, EPERM);
	assert_int_equal(runs(f), 2);
	bcc_link_destroy(link);
	assert_int_equal(connect(fd, &at.any, at.size), 0);
	close(fd);
	close(to);
}

/* A cgroup by its process; two programs on one hook. */
static void of_a_process(void **state)
{
	struct net_fixture *f = *state;
	char hook[64];

	snprintf(hook, sizeof(hook), "cgroup:%d:sock_create", getpid());
	attach(f, "on_sock", "cgroup:self:sock_create");
	attach(f, "on_sock", hook);
	sockets(AF_INET);
	assert_int_equal(runs(f), 2 * TIMES);
}

static void dialect(void **state)
{
	struct net_fixture *f = *state;
	struct bcc_program *prog = NULL;
	struct bcc_module *mod;
	char hook[300];
	uint64_t value = 0;
	uint32_t key = 0;

	check(f->ctx, bcc_module_create(f->ctx,
		"BPF_ARRAY(hits, u64, 1);\n"
		"int on_connect(struct bpf_sock_addr *ctx)\n"
		"{ if (ctx->user_ip4 == htonl(0x7f000001)) hits.increment(0); return 1; }\n"
		"int on_connect6(struct bpf_sock_addr *ctx) { return ctx->user_ip6[3] != 7; }\n"
		"int on_bound(struct bpf_sock *sk) { return sk->src_port != 7; }\n"
		"int on_get(struct bpf_sockopt *opt) { opt->retval = 0; return 1; }\n"
		"int on_set(struct bpf_sockopt *opt) { return opt->level != 77; }\n"
		"int on_sysctl(struct bpf_sysctl *ctx) { return !ctx->write; }\n"
		"int on_device(struct bpf_cgroup_dev_ctx *ctx) { return ctx->major != 7; }\n"
		"int on_ops(struct bpf_sock_ops *ctx) { return ctx->op == 1; }\n", NULL, &mod), 0);
	/* Each is verified as what its first parameter says. */
	while ((prog = bcc_module_next_program(mod, prog)))
		check(f->ctx, bcc_program_load(prog), 0);
	snprintf(hook, sizeof(hook), "cgroup:%s:connect4", below);
	check(f->ctx, bcc_program_attach(bcc_module_program(mod, "on_connect"), hook, NULL, NULL),
	      0);
	connects(AF_INET);
	assert_int_equal(bcc_table_get(bcc_module_table(mod, "hits"), &key, &value), 0);
	assert_int_equal(value, TIMES);
}

static void malformed(void **state)
{
	static const char *const hooks[] = {
		"cgroup", "cgroup:", "cgroup:x", "cgroup::connect4", "cgroup:x:", "lsm_cgroup:x",
		"lsm_cgroup", "lsm_cgroup::",
	};
	struct net_fixture *f = *state;

	for (size_t i = 0; i < sizeof(hooks) / sizeof(*hooks); i++) {
		check(f->ctx, try_attach(f, "on_address", hooks[i], NULL), -EINVAL);
		assert_int_equal(bcc_diag_count(f->ctx), 1);
	}
}

static void not_there(void **state)
{
	struct net_fixture *f = *state;
	char hook[400];

	REFUSES(f, "on_address", "cgroup:/no/such:connect4", BCC_ERR_NO_HOOK,
		"there is no cgroup '/no/such'", "mkdir");
	REFUSES(f, "on_address", "cgroup:no-such-cgroup:connect4", BCC_ERR_NO_HOOK,
		"no-such-cgroup'", "mkdir");
	REFUSES(f, "on_address", "cgroup:/proc:connect4", BCC_ERR_NO_HOOK,
		"'/proc' is no directory of cgroup v2", mount_at);
	snprintf(hook, sizeof(hook), "cgroup:%s/cgroup.procs:connect4", child_of_top("in"));
	REFUSES(f, "on_address", hook, BCC_ERR_NO_HOOK, "is no directory of cgroup v2", mount_at);
	REFUSES(f, "on_address", "cgroup:999999999:connect4", -ESRCH,
		"there is no process 999999999", NULL);
	REFUSES(f, "on_address", "cgroup:self:conect4", BCC_ERR_NO_HOOK,
		"there is no cgroup hook 'conect4'", "connect4");
	REFUSES(f, "on_address", "cgroup:self:zzzzzzzzzz", BCC_ERR_NO_HOOK,
		"there is no cgroup hook 'zzzzzzzzzz'", "ingress");
	REFUSES(f, "on_tp_btf", "cgroup:self:connect4", -EINVAL, "is written for", "hook");
	/* A member that only another hook shows. */
	check(f->ctx, try_attach(f, "on_source", "cgroup:self:connect4", NULL), BCC_ERR_VERIFIER);
	check(f->ctx, try_attach(f, "on_source", "cgroup:self:sendmsg4", NULL), 0);
}

/* One above that does not share: neither way can attach below, so a link is all that is needed. */
static void no_sharing(void **state)
{
	struct net_fixture *f = *state;
	struct bcc_program *prog = bcc_module_program(f->mod, "on_address");
	int above = open(top, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int in = open(child_of_top("in"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	check(f->ctx, bcc_program_load(prog), 0);
	assert_int_equal(bpf_prog_attach(bcc_program_fd(prog), above, BPF_CGROUP_INET4_CONNECT, 0),
			 0);
	REFUSES(f, "on_address", "cgroup:self:connect4", BCC_ERR_KERNEL, "refuses to attach",
		"BPF_F_ALLOW_MULTI");
	assert_int_equal(bpf_prog_attach(bcc_program_fd(prog), in, BPF_CGROUP_INET4_CONNECT,
					 BPF_F_ALLOW_MULTI), -EPERM);
	assert_int_equal(bpf_prog_detach2(bcc_program_fd(prog), above, BPF_CGROUP_INET4_CONNECT),
			 0);
	attach(f, "on_address", "cgroup:self:connect4");
	close(above);
	close(in);
}

/* What the kernel asks for beyond CAP_BPF and CAP_PERFMON. */
static void without_net_admin(void **state)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2] = { { 0 } };
	struct net_fixture *f = *state;
	int status = 0;
	pid_t child = fork_child();

	if (!child) {
		data[1].effective = 1 << (CAP_BPF - 32) | 1 << (CAP_PERFMON - 32);
		data[1].permitted = data[1].effective;
		assert_int_equal(syscall(SYS_capset, &header, data), 0);
		REFUSES(f, "on_address", "cgroup:self:connect4", BCC_ERR_PRIVILEGE,
			"CAP_NET_ADMIN", "cap_net_admin");
		_exit(0);
	}
	waitpid(child, &status, 0);
	assert_int_equal(status, 0);
}

static void lsm(void **state)
{
	struct net_fixture *f = *state;
	struct bcc_link *link = NULL;
	char hook[300];
	int err;

	snprintf(hook, sizeof(hook), "lsm_cgroup:%s:socket_bind", below);
	err = try_attach(f, "on_lsm", hook, &link);
	if (err == BCC_ERR_KERNEL) {
		print_message("skipped: %s\n", bcc_diag_message(bcc_diag_get(f->ctx, 0)));
		assert_int_equal(bcc_diag_count(f->ctx), 1);
		skip();
	}
	check(f->ctx, err, 0);
	assert_string_equal(bcc_link_mechanism(link), "lsm_cgroup link");
	binds(AF_INET);
	assert_int_equal(runs(f), TIMES);
	outside(&(const struct row){ .stimulus = binds, .family = AF_INET });
	assert_int_equal(runs(f), TIMES);
	bcc_link_destroy(link);
	binds(AF_INET);
	assert_int_equal(runs(f), TIMES);
}

static void lsm_not_there(void **state)
{
	struct net_fixture *f = *state;

	if (kernel_version_code() < 0x060000) {
		REFUSES(f, "on_lsm", "lsm_cgroup:self:socket_bind", BCC_ERR_KERNEL, "Linux 6.0",
			NULL);
		return;
	}
	REFUSES(f, "on_lsm", "lsm_cgroup:self:socket_bnid", BCC_ERR_NO_HOOK,
		"no LSM hook 'socket_bnid'", "socket_bind");
	REFUSES(f, "on_lsm", "lsm_cgroup:/no/such:socket_bind", BCC_ERR_NO_HOOK,
		"there is no cgroup '/no/such'", NULL);
}

/* --- a killed process --- */

static void put_all(struct net_fixture *f)
{
	char hook[300];

	for (size_t i = 0; i < N_ROWS; i++) {
		snprintf(hook, sizeof(hook), "cgroup:%s:%s", below, rows[i].kind);
		if (!too_new(&rows[i]))
			attach(f, rows[i].program, hook);
	}
}

static uint32_t attached(int cgroup, enum bpf_attach_type type)
{
	uint32_t flags = 0, n = 0;

	bpf_prog_query(cgroup, type, 0, &flags, NULL, &n);
	return n;
}

static void look(bool there)
{
	int cgroup = open(child_of_top("in"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_int_equal(attached(cgroup, BPF_CGROUP_INET4_CONNECT), there);
	assert_int_equal(attached(cgroup, BPF_CGROUP_DEVICE), there);
	assert_int_equal(attached(cgroup, BPF_CGROUP_INET_EGRESS), there);
	assert_int_equal(attached(cgroup, BPF_CGROUP_SOCK_OPS), there);
	close(cgroup);
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
		TEST(each_kind),
		TEST(denies),
		TEST(exchanged),
		TEST(of_a_process),
		TEST(dialect),
		TEST(malformed),
		TEST(not_there),
		TEST(no_sharing),
		TEST(without_net_admin),
		TEST(lsm),
		TEST(lsm_not_there),
		cmocka_unit_test(killed),
	};
	int err = enter("in");

	if (err) {
		printf("skipped: no process can be put into a cgroup here: %s\n", strerror(-err));
		return 77;
	}
	return cmocka_run_group_tests(all, NULL, NULL);
}

int main(void)
{
	int result;

	need_bpf();
	if (!find_mount()) {
		printf("skipped: cgroup v2 is not mounted\n");
		return 77;
	}
	snprintf(top, sizeof(top), "%s/bcc-test.%d", mount_at, getpid());
	snprintf(below, sizeof(below), "bcc-test.%d/in", getpid());
	if (mkdir(top, 0755) || mkdir(child_of_top("in"), 0755) ||
	    mkdir(child_of_top("out"), 0755)) {
		printf("skipped: no cgroup can be made in %s: %s\n", mount_at, strerror(errno));
		result = 77;
	} else {
		result = run_in_own_network(tests);
	}
	/* A process that was killed leaves its cgroup a little later. */
	for (int i = 0; i < 100 && rmdir(child_of_top("in")) && errno == EBUSY; i++)
		nap();
	rmdir(child_of_top("out"));
	rmdir(top);
	return result;
}
