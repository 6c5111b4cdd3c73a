/*
 * A child waits at a pipe (the gate) before exec. A byte lets it go; when the pipe closes first, it
 * leaves silently, so no error path of ours has to care. It gets SIGTERM when we die in any way.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"

#define PATIENCE_MS 1000 /* from SIGTERM to SIGKILL */

static void close_fd(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static _Noreturn void run_child(int gate, int failure, pid_t parent, char **argv)
{
	sigset_t none;
	char byte;
	int err;

	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent || read(gate, &byte, 1) != 1)
		_exit(127);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	execvp(argv[0], argv);
	err = errno;
	if (write(failure, &err, sizeof(err)) < 0)
		_exit(126);
	_exit(127);
}

int child_start(struct child *child, char **argv)
{
	int gate[2] = { -1, -1 }, failure[2] = { -1, -1 };
	pid_t parent = getpid();
	int err = 0;

	if (pipe2(gate, O_CLOEXEC) || pipe2(failure, O_CLOEXEC)) {
		err = -errno;
		goto out;
	}
	child->pid = fork();
	if (!child->pid) {
		close(gate[1]);
		run_child(gate[0], failure[1], parent, argv);
	}
	if (child->pid < 0) {
		err = -errno;
		goto out;
	}
	child->gate = gate[1];
	child->failure = failure[0];
	gate[1] = failure[0] = -1;
	child->pidfd = syscall(SYS_pidfd_open, child->pid, 0);
	if (child->pidfd < 0) {
		err = -errno;
		child_end(child);
	}

out:
	for (int i = 0; i < 2; i++) {
		close_fd(&gate[i]);
		close_fd(&failure[i]);
	}
	return err;
}

int child_resume(struct child *child)
{
	ssize_t n;
	int err;

	do {
		n = write(child->gate, "", 1);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return -errno;
	close_fd(&child->gate);
	/* Closed by exec, or it says why exec failed. */
	do {
		n = read(child->failure, &err, sizeof(err));
	} while (n < 0 && errno == EINTR);
	close_fd(&child->failure);
	return n == sizeof(err) ? -err : 0;
}

void child_end(struct child *child)
{
	struct pollfd ended = { .fd = child->pidfd, .events = POLLIN };

	if (child->gate >= 0)
		close_fd(&child->gate);
	else if (child->pid > 0 && poll(&ended, 1, 0) == 0)
		kill(child->pid, SIGTERM);
	if (child->pid > 0) {
		if (child->pidfd >= 0 && poll(&ended, 1, PATIENCE_MS) == 0)
			kill(child->pid, SIGKILL);
		while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
			;
	}
	child->pid = -1;
	close_fd(&child->pidfd);
	close_fd(&child->failure);
}
