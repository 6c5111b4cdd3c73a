/*
 * Starting the compiler, talking to it, and ending it. The socket is non-blocking on our side: each
 * wait is a poll() that ends at the deadline, so a compiler that neither reads nor answers cannot
 * hold the caller. Only our own child is ever waited for or killed.
 */
#include "compile/process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define LOG_TAIL 2048

static int64_t now_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* Moves a descriptor out of the way of those that the child gets: 0 to PROTOCOL_FD. */
static int move_up(int *fd)
{
	int moved = fcntl(*fd, F_DUPFD_CLOEXEC, PROTOCOL_FD + 1);

	if (moved < 0)
		return -errno;
	close(*fd);
	*fd = moved;
	return 0;
}

/* The child starts as from a clean shell: no signal blocked, none ignored, in a group of its own,
 * so that a Ctrl-C at the terminal is for the caller to act on. */
static int set_attributes(posix_spawnattr_t *attr)
{
	sigset_t none, all;
	int err;

	sigemptyset(&none);
	sigfillset(&all);
	err = posix_spawnattr_setsigmask(attr, &none);
	if (!err)
		err = posix_spawnattr_setsigdefault(attr, &all);
	if (!err)
		err = posix_spawnattr_setpgroup(attr, 0);
	if (!err)
		err = posix_spawnattr_setflags(attr, POSIX_SPAWN_SETSIGMASK |
					       POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
	return -err;
}

static int set_files(posix_spawn_file_actions_t *files, int socket, int log)
{
	int err;

	err = posix_spawn_file_actions_adddup2(files, socket, PROTOCOL_FD);
	if (!err)
		err = posix_spawn_file_actions_adddup2(files, log, STDERR_FILENO);
	if (!err)
		err = posix_spawn_file_actions_addopen(files, STDIN_FILENO, "/dev/null",
						       O_RDONLY, 0);
	if (!err)
		err = posix_spawn_file_actions_addopen(files, STDOUT_FILENO, "/dev/null",
						       O_WRONLY, 0);
	if (!err)
		err = posix_spawn_file_actions_addclosefrom_np(files, PROTOCOL_FD + 1);
	return -err;
}

static int spawn(struct process *p, const char *path, int socket)
{
	const char *slash = strrchr(path, '/');
	char *argv[] = { (char *)(slash ? slash + 1 : path), NULL };
	char *environment[] = { NULL };
	posix_spawn_file_actions_t files;
	posix_spawnattr_t attr;
	int err;

	err = -posix_spawn_file_actions_init(&files);
	if (err)
		return err;
	err = -posix_spawnattr_init(&attr);
	if (err)
		goto out_files;
	err = set_files(&files, socket, p->log_fd);
	if (!err)
		err = set_attributes(&attr);
	if (!err)
		err = -posix_spawn(&p->pid, path, &files, &attr, argv, environment);
	if (err)
		p->pid = 0;
	posix_spawnattr_destroy(&attr);
out_files:
	posix_spawn_file_actions_destroy(&files);
	return err;
}

int process_start(struct process *p, const char *path, int timeout_ms)
{
	int pair[2] = { -1, -1 }, err;

	*p = (struct process){ .fd = -1, .log_fd = -1, .status = -1 };
	p->deadline = now_ms() + timeout_ms;
	/* posix_spawn() says so too, but not where vfork() is only imitated (valgrind, qemu). */
	if (faccessat(AT_FDCWD, path, X_OK, AT_EACCESS))
		return -errno;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair))
		return -errno;
	p->fd = pair[0];
	p->log_fd = memfd_create("bcc-compiler-log", MFD_CLOEXEC);
	if (p->log_fd < 0) {
		err = -errno;
		goto out;
	}
	err = move_up(&pair[1]);
	if (!err)
		err = move_up(&p->log_fd);
	if (!err && fcntl(p->fd, F_SETFL, O_NONBLOCK))
		err = -errno;
	if (!err)
		err = spawn(p, path, pair[1]);
out:
	close(pair[1]);
	if (err)
		process_free(p);
	return err;
}

/* Waits until the socket is ready for events, or the deadline is over. */
static int wait_ready(struct process *p, short events)
{
	struct pollfd pfd = { .fd = p->fd, .events = events };
	int64_t left;
	int n;

	do {
		left = p->deadline - now_ms();
		if (left <= 0)
			return -ETIMEDOUT;
		n = poll(&pfd, 1, (int)left);
	} while (n == 0 || (n < 0 && errno == EINTR));
	return n < 0 ? -errno : 0;
}

/* What a failed transfer means: 0 try again, or an error. */
static int transfer_error(struct process *p, short events)
{
	if (errno == EINTR)
		return 0;
	if (errno == EAGAIN)
		return wait_ready(p, events);
	if (errno == EPIPE)
		return -ECONNRESET;
	return -errno;
}

int process_send(struct process *p, const struct frame *f)
{
	size_t done = 0;
	ssize_t n;
	int err;

	while (done < f->size) {
		n = send(p->fd, f->data + done, f->size - done, MSG_NOSIGNAL);
		if (n >= 0) {
			done += (size_t)n;
			continue;
		}
		err = transfer_error(p, POLLOUT);
		if (err)
			return err;
	}
	return 0;
}

static int receive(struct process *p, void *data, size_t size)
{
	size_t done = 0;
	ssize_t n;
	int err;

	while (done < size) {
		n = recv(p->fd, (char *)data + done, size - done, 0);
		if (n > 0) {
			done += (size_t)n;
			continue;
		}
		err = n == 0 ? -ECONNRESET : transfer_error(p, POLLIN);
		if (err)
			return err;
	}
	return 0;
}

int process_receive(struct process *p, struct frame_header *header, char **payload)
{
	char *data;
	int err;

	err = receive(p, header, sizeof(*header));
	if (err)
		return err;
	if (header->size > PROTOCOL_MAX_PAYLOAD)
		return -EPROTO;
	data = malloc(header->size + 1);
	if (!data)
		return -ENOMEM;
	err = receive(p, data, header->size);
	if (err) {
		free(data);
		return err;
	}
	*payload = data;
	return 0;
}

void process_end(struct process *p, int grace_ms)
{
	const struct timespec pause = { .tv_nsec = 500000 };
	int64_t until = now_ms() + grace_ms;
	pid_t got;

	if (p->fd >= 0)
		close(p->fd);
	p->fd = -1;
	if (!p->pid)
		return;
	/* Most of the time it has ended, or is just ending. */
	while ((got = waitpid(p->pid, &p->status, WNOHANG)) == 0 && now_ms() < until)
		nanosleep(&pause, NULL);
	if (got == 0) {
		kill(p->pid, SIGKILL);
		p->killed = true;
		do
			got = waitpid(p->pid, &p->status, 0);
		while (got < 0 && errno == EINTR);
	}
	if (got != p->pid) /* the application reaps all children itself */
		p->status = -1;
	p->pid = 0;
}

char *process_log(const struct process *p)
{
	struct stat st;
	size_t size;
	off_t from;
	ssize_t n;
	char *log;

	if (p->log_fd < 0 || fstat(p->log_fd, &st) || st.st_size <= 0)
		return NULL;
	size = st.st_size < LOG_TAIL ? (size_t)st.st_size : LOG_TAIL;
	from = st.st_size - (off_t)size;
	log = malloc(size + 1);
	if (!log)
		return NULL;
	n = pread(p->log_fd, log, size, from);
	if (n <= 0) {
		free(log);
		return NULL;
	}
	log[n] = '\0';
	for (ssize_t i = 0; i < n; i++)
		if ((unsigned char)log[i] < ' ' && log[i] != '\n' && log[i] != '\t')
			log[i] = '?';
	return log;
}

void process_free(struct process *p)
{
	process_end(p, 0);
	if (p->log_fd >= 0)
		close(p->log_fd);
	p->log_fd = -1;
}
