/*
 * bcc-undo: takes away what the library has made over netlink when the library's process detaches
 * it or dies. It gets one order and a netlink socket over descriptor 3 (libbcc/net/guard.h), waits
 * until the other end is closed, and does it. No signal but SIGKILL ends it before.
 *
 * Exit status: 0 it did what it was started for, 2 not started by the library.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "net/guard.h"

enum { PEER = 3, EXIT_USAGE = 2 };

/* The order, and the socket that comes with it. */
static int receive_job(struct undo_job *job)
{
	struct iovec iov = { .iov_base = job, .iov_len = sizeof(*job) };
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control;
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	struct cmsghdr *c;
	int fd;

	if (recvmsg(PEER, &msg, MSG_WAITALL | MSG_CMSG_CLOEXEC) != sizeof(*job))
		return -EPROTO;
	c = CMSG_FIRSTHDR(&msg);
	if (job->version != UNDO_VERSION || !c || c->cmsg_type != SCM_RIGHTS ||
	    c->cmsg_len != CMSG_LEN(sizeof(fd)))
		return -EPROTO;
	job->owned.mark[MARK_SIZE - 1] = '\0';
	memcpy(&fd, CMSG_DATA(c), sizeof(fd));
	return *job->owned.mark ? fd : -EPROTO;
}

static void answer(int err, const char *said)
{
	struct undo_answer a = { .err = err };

	if (said)
		strncpy(a.said, said, sizeof(a.said) - 1);
	/* The library may be gone: then nobody wants to know. */
	send(PEER, &a, sizeof(a), MSG_NOSIGNAL);
}

/* The kernel asks again when the time has come, and it would be too late to say so then. */
static bool may_undo(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };

	return !syscall(SYS_capget, &header, data) &&
	       data[0].effective & (1u << CAP_NET_ADMIN);
}

static void wait_for_hangup(void)
{
	char byte;
	ssize_t n;

	do
		n = recv(PEER, &byte, 1, 0);
	while (n > 0 || (n < 0 && errno == EINTR));
}

/* Away from everything that could end it with the library's process: session, terminal,
 * directory, signals. */
static int settle(void)
{
	sigset_t all;

	sigfillset(&all);
	if (sigprocmask(SIG_BLOCK, &all, NULL) || setsid() < 0 || chdir("/") ||
	    dup2(STDIN_FILENO, STDERR_FILENO) < 0)
		return -errno;
	return 0;
}

static int work(const struct undo_job *job, struct rtnl *nl)
{
	int err = settle();

	answer(err, NULL);
	if (err)
		return 1;
	wait_for_hangup();
	err = owned_remove(nl, &job->owned);
	answer(err, err ? rtnl_said(nl) : NULL);
	return 0;
}

int main(void)
{
	struct undo_job job;
	struct rtnl *nl;
	int fd, err;
	pid_t pid;

	fd = receive_job(&job);
	if (fd < 0) {
		fprintf(stderr, "bcc-undo: this program is started by libbcc only\n");
		return EXIT_USAGE;
	}
	err = may_undo() ? rtnl_adopt(fd, &nl) : -EPERM;
	if (!err) {
		pid = fork();
		if (!pid)
			return work(&job, nl);
		err = pid < 0 ? -errno : 0;
	}
	if (err)
		answer(err, NULL);
	return 0;
}
