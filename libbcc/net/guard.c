/*
 * The library's side of bcc-undo. The program leaves our children as soon as it is armed, so an
 * application that waits for all of its children does not wait for it. Every wait has an end.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "compile/process.h"
#include "net/guard.h"

#define TIMEOUT_MS 10000

static char *program_path(struct bcc_context *ctx)
{
	const char *slash = ctx->compiler_path ? strrchr(ctx->compiler_path, '/') : NULL;
	char *path;

	/* An application that has its compiler elsewhere has this next to it. */
	if (!ctx->compiler_path)
		return process_locate("bcc-undo");
	if (!slash)
		return strdup("bcc-undo");
	if (asprintf(&path, "%.*s/bcc-undo", (int)(slash - ctx->compiler_path),
		     ctx->compiler_path) < 0)
		return NULL;
	return path;
}

static int send_job(int to, const struct owned *o, int fd)
{
	struct undo_job job = { .version = UNDO_VERSION, .owned = *o };
	struct iovec iov = { .iov_base = &job, .iov_len = sizeof(job) };
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.bytes,
		.msg_controllen = sizeof(control.bytes),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
	ssize_t n;

	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(c), &fd, sizeof(fd));
	/* The socket is empty and takes a job at once. */
	n = sendmsg(to, &msg, MSG_NOSIGNAL);
	return n < 0 ? -errno : n == sizeof(job) ? 0 : -EIO;
}

static int receive_answer(int fd, struct undo_answer *answer)
{
	struct pollfd pfd = { .fd = fd, .events = POLLIN };
	size_t done = 0;
	ssize_t n;

	while (done < sizeof(*answer)) {
		n = poll(&pfd, 1, TIMEOUT_MS);
		if (!n)
			return -ETIMEDOUT;
		if (n > 0)
			n = recv(fd, (char *)answer + done, sizeof(*answer) - done, 0);
		if (n < 0 && errno != EINTR && errno != EAGAIN)
			return -errno;
		if (!n)
			return -ECONNRESET;
		if (n > 0)
			done += (size_t)n;
	}
	answer->said[sizeof(answer->said) - 1] = '\0';
	return 0;
}

static int cannot_arm(struct bcc_context *ctx, const char *path, int err)
{
	const char *hint = NULL;

	if (err == -EPERM)
		return diag_fail_hint(ctx, BCC_ERR_PRIVILEGE, "privilege",
				      "a capability that this process has from its file does not "
				      "pass on; make it ambient, or give the file bcc-undo "
				      "cap_net_admin as well",
				      "%s, which takes filters and routes away again, lacks the "
				      "capability CAP_NET_ADMIN", path);
	if (err == -ENOENT)
		hint = "it is part of the package that this library comes from, and in a build "
		       "tree it is made by the target bcc-undo";
	return diag_fail_hint(ctx, err, "undo", hint,
			      "the program %s, which takes filters and routes away again, does not "
			      "work: %s (%s)",
			      path, bcc_strerror(err), bcc_error_name(err));
}

int guard_arm(struct bcc_context *ctx, const struct owned *o, int fd, struct guard *out)
{
	struct undo_answer answer = { 0 };
	char *path = program_path(ctx);
	struct process p;
	int err, own = -1;

	if (!path)
		return diag_fail(ctx, -ENOMEM, "memory", "out of memory");
	err = process_start(&p, path, TIMEOUT_MS);
	if (err) {
		err = cannot_arm(ctx, path, err);
		goto out;
	}
	own = fcntl(fd, F_DUPFD_CLOEXEC, 3);
	err = own < 0 ? -errno : send_job(p.fd, o, fd);
	if (!err)
		err = receive_answer(p.fd, &answer);
	if (!err)
		err = answer.err;
	if (err) {
		err = cannot_arm(ctx, path, err);
	} else {
		*out = (struct guard){ .fd = p.fd, .socket = own, .owned = *o };
		p.fd = own = -1;
	}
	/* What was started has left the work to a child of its own and ends. */
	process_end(&p, TIMEOUT_MS);
	process_free(&p);
	if (own >= 0)
		close(own);
out:
	free(path);
	return err;
}

/* Somebody has killed bcc-undo. */
static int undo_here(struct guard *guard, struct undo_answer *answer)
{
	struct rtnl *nl;
	int err = rtnl_adopt(guard->socket, &nl);

	if (err)
		return err;
	guard->socket = -1;
	err = owned_remove(nl, &guard->owned);
	snprintf(answer->said, sizeof(answer->said), "%s", err ? rtnl_said(nl) : "");
	rtnl_close(nl);
	return err;
}

int guard_run(struct guard *guard, struct undo_answer *answer)
{
	int err = 0;

	memset(answer, 0, sizeof(*answer));
	/* Another process may have the socket from a fork(): closing alone would not tell. */
	if (shutdown(guard->fd, SHUT_WR))
		err = -errno;
	if (!err)
		err = receive_answer(guard->fd, answer);
	err = err ? undo_here(guard, answer) : answer->err;
	close(guard->fd);
	if (guard->socket >= 0)
		close(guard->socket);
	return err;
}
