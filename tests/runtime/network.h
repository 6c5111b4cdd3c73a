/*
 * What the tests of network hooks share: a network namespace of their own with loopback up, the
 * module of data/sockets.bpf.c with its counter, traffic, and what is left after a kill.
 */
#ifndef TESTS_NETWORK_H
#define TESTS_NETWORK_H

#include "runtime.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include <bpf/bpf.h>

#include "object/load.h"

#define TIMES 5 /* how often each stimulus does what is counted */

struct net_fixture {
	struct bcc_context *ctx;
	struct bcc_module *mod;
	struct bcc_table *runs;
	int descriptors; /* before */
};

static inline int net_setup(void **state)
{
	struct net_fixture *f = calloc(1, sizeof(*f));
	BCC_OPTS(bcc_context_opts, opts, .compiler_path = TEST_COMPILER);

	*state = f;
	f->descriptors = bpf_descriptors();
	assert_int_equal(bcc_context_create(&opts, &f->ctx), 0);
	f->mod = prepared_module(f->ctx, "sockets");
	f->runs = bcc_module_table(f->mod, "runs");
	assert_non_null(f->runs);
	return 0;
}

static inline int net_teardown(void **state)
{
	struct net_fixture *f = *state;

	bcc_context_destroy(f->ctx);
	assert_int_equal(bpf_descriptors(), f->descriptors);
	free(f);
	return 0;
}

static inline uint64_t runs(struct net_fixture *f)
{
	uint32_t key = 0;
	uint64_t value = 0;

	assert_int_equal(bcc_table_get(f->runs, &key, &value), 0);
	return value;
}

static inline void reset(struct net_fixture *f)
{
	uint32_t key = 0;
	uint64_t value = 0;

	assert_int_equal(bcc_table_set(f->runs, &key, &value), 0);
}

static inline int try_attach(struct net_fixture *f, const char *program, const char *hook,
			     struct bcc_link **link)
{
	struct bcc_program *prog = bcc_module_program(f->mod, program);

	assert_non_null(prog);
	return bcc_program_attach(prog, hook, NULL, link);
}

static inline struct bcc_link *attach(struct net_fixture *f, const char *program, const char *hook)
{
	struct bcc_link *link = NULL;

	check(f->ctx, try_attach(f, program, hook, &link), 0);
	assert_non_null(link);
	assert_int_equal(bcc_diag_count(f->ctx), 0);
	return link;
}

/* Attaching must fail with err, and the one diagnostic says these things; hint may be NULL. */
static inline void refuses(struct net_fixture *f, const char *program, const char *hook, int err,
			   const char *const said[2])
{
	const struct bcc_diag *diag;

	check(f->ctx, try_attach(f, program, hook, NULL), err);
	assert_int_equal(bcc_diag_count(f->ctx), 1);
	diag = bcc_diag_get(f->ctx, 0);
	if (!strstr(bcc_diag_message(diag), said[0]))
		fail_msg("%s: \"%s\" is not in: %s", hook, said[0], bcc_diag_message(diag));
	if (said[1] && (!bcc_diag_hint(diag) || !strstr(bcc_diag_hint(diag), said[1])))
		fail_msg("%s: \"%s\" is not in: %s", hook, said[1],
			 bcc_diag_hint(diag) ? bcc_diag_hint(diag) : "(no hint)");
}
#define REFUSES(f, program, hook, err, message, hint) \
	refuses(f, program, hook, err, (const char *const[2]){ message, hint })

/* --- network --- */

/* This process gets a network of its own, in which loopback works. 0 or -errno. */
static inline int own_network(void)
{
	struct ifreq request = { .ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING };
	int fd, err = 0;

	if (unshare(CLONE_NEWNET))
		return -errno;
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request))
		err = -errno;
	if (fd >= 0)
		close(fd);
	return err;
}

struct address {
	union {
		struct sockaddr any;
		struct sockaddr_in v4;
		struct sockaddr_in6 v6;
		struct sockaddr_un un;
	};
	socklen_t size;
};

/* Loopback with a port the kernel chooses; of AF_UNIX a name that the kernel chooses. */
static inline struct address loopback(int family)
{
	struct address a = { .any.sa_family = (sa_family_t)family, .size = sizeof(a.v4) };

	if (family == AF_UNIX) {
		a.size = sizeof(a.un.sun_family);
	} else if (family == AF_INET) {
		a.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	} else {
		a.v6.sin6_addr = in6addr_loopback;
		a.size = sizeof(a.v6);
	}
	return a;
}

static inline int new_socket(int family, int type)
{
	int fd = socket(family, type | SOCK_CLOEXEC, 0);
	struct timeval patience = { .tv_sec = 20 };

	assert_true(fd >= 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
	return fd;
}

/* A socket bound to loopback; *at is its address. */
static inline int bound_socket(int family, int type, struct address *at)
{
	int fd = new_socket(family, type);

	*at = loopback(family);
	assert_int_equal(bind(fd, &at->any, at->size), 0);
	at->size = sizeof(at->un);
	assert_int_equal(getsockname(fd, &at->any, &at->size), 0);
	return fd;
}

static inline int connected_socket(int family, int type, const struct address *to)
{
	int fd = new_socket(family, type);

	assert_int_equal(connect(fd, &to->any, to->size), 0);
	return fd;
}

/* Datagrams to an address, which are received by fd. */
static inline void send_to(int fd, const struct address *to, int n)
{
	struct address from;
	int sender = new_socket(to->any.sa_family, SOCK_DGRAM);
	char byte = 0;

	while (n--) {
		assert_int_equal(sendto(sender, &byte, 1, 0, &to->any, to->size), 1);
		from.size = sizeof(from.un);
		if (fd >= 0)
			assert_int_equal(recvfrom(fd, &byte, 1, 0, &from.any, &from.size), 1);
	}
	close(sender);
}

/* Two ends of a TCP connection. */
static inline void tcp_pair(int ends[2])
{
	struct address at;
	int listener = bound_socket(AF_INET, SOCK_STREAM, &at);

	assert_int_equal(listen(listener, 1), 0);
	ends[0] = connected_socket(AF_INET, SOCK_STREAM, &at);
	ends[1] = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	assert_true(ends[1] >= 0);
	close(listener);
}

/* --- children --- */

/*
 * A child in the middle of a test: it ends with its parent, and where a check fails, instead of
 * going on with the parent's other tests.
 */
static inline pid_t fork_child(void)
{
	pid_t child = fork();

	assert_true(child >= 0);
	if (!child) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		setenv("CMOCKA_TEST_ABORT", "1", 1);
	}
	return child;
}

#define MAX_IDS 64

/* The kernel's ids of all programs of the module that are loaded. */
static inline int program_ids(struct net_fixture *f, uint32_t ids[MAX_IDS])
{
	struct bpf_prog_info info = { 0 };
	struct bcc_program *prog = NULL;
	uint32_t size = sizeof(info);
	int n = 0;

	while ((prog = bcc_module_next_program(f->mod, prog)))
		for (struct program_load *l = prog->loads; l && n < MAX_IDS; l = l->next)
			if (!bpf_obj_get_info_by_fd(l->fd, &info, &size))
				ids[n++] = info.id;
	return n;
}

static inline void nap(void)
{
	nanosleep(&(struct timespec){ .tv_nsec = 20000000 }, NULL);
}

/*
 * A child makes a module and has put() attach its programs, then is killed. The kernel must hold all
 * of its programs before, and none soon after: it frees them when RCU says so. While the child
 * lives, look() may see what is attached.
 */
static inline void leaves_nothing(void (*put)(struct net_fixture *), void (*look)(bool attached))
{
	uint32_t ids[MAX_IDS] = { 0 };
	int result[2], n = 0, fd;
	pid_t child;

	assert_int_equal(pipe(result), 0);
	child = fork_child();
	if (!child) {
		struct net_fixture *f;

		net_setup((void **)&f);
		put(f);
		n = program_ids(f, ids);
		if (write(result[1], &n, sizeof(n)) == sizeof(n) &&
		    write(result[1], ids, sizeof(ids)) == sizeof(ids))
			pause();
		_exit(1);
	}
	close(result[1]);
	assert_int_equal(read(result[0], &n, sizeof(n)), sizeof(n));
	assert_int_equal(read(result[0], ids, sizeof(ids)), sizeof(ids));
	close(result[0]);
	assert_true(n > 0);
	for (int i = 0; i < n; i++) {
		fd = bpf_prog_get_fd_by_id(ids[i]);
		assert_true(fd >= 0);
		close(fd);
	}
	if (look)
		look(true);
	kill(child, SIGKILL);
	assert_int_equal(waitpid(child, NULL, 0), child);
	for (int i = 0, tries = 0; i < n; i++) {
		while ((fd = bpf_prog_get_fd_by_id(ids[i])) >= 0 && tries++ < 500) {
			close(fd);
			nap();
		}
		assert_int_equal(fd, -ENOENT);
	}
	if (look)
		look(false);
}

/*
 * Runs the tests in a child with a network of its own, so that whatever happens in there, the caller
 * is left to clean up. Returns the exit code.
 */
static inline int run_in_own_network(int (*tests)(void))
{
	int status = 0, err;
	pid_t child;

	fflush(NULL);
	child = fork();
	if (!child) {
		err = own_network();
		if (err) {
			printf("skipped: no network namespace can be made here: %s\n",
			       strerror(-err));
			exit(77);
		}
		exit(tests());
	}
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

#endif
