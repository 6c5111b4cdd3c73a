/*
 * rtnetlink over libmnl. One request at a time; an answer with another sequence number (what a
 * request that failed half-way left behind) is not taken for ours.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "net/rtnl.h"

#ifndef NETLINK_GET_STRICT_CHK /* Linux 4.20 */
#define NETLINK_GET_STRICT_CHK 12
#endif

#define ATTEMPTS 5 /* for a dump */

struct rtnl {
	struct mnl_socket *socket;
	uint32_t seq;
	char said[256];
	_Alignas(8) char request[RTNL_ROOM + 256];
	_Alignas(8) char answer[32768]; /* the largest piece that the kernel makes of a dump */
};

/* Dumps are filtered by the kernel and errors explained, where it knows how: no need for either. */
static int set_up(struct rtnl *nl, struct mnl_socket *socket)
{
	const int on = 1;

	nl->socket = socket;
	mnl_socket_setsockopt(socket, NETLINK_EXT_ACK, (void *)&on, sizeof(on));
	mnl_socket_setsockopt(socket, NETLINK_CAP_ACK, (void *)&on, sizeof(on));
	mnl_socket_setsockopt(socket, NETLINK_GET_STRICT_CHK, (void *)&on, sizeof(on));
	return 0;
}

int rtnl_open(struct rtnl **out)
{
	struct rtnl *nl = calloc(1, sizeof(*nl));
	struct mnl_socket *socket;
	int err;

	if (!nl)
		return -ENOMEM;
	socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (!socket) {
		err = -errno;
		free(nl);
		return err;
	}
	set_up(nl, socket);
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) < 0) {
		err = -errno;
		rtnl_close(nl);
		return err;
	}
	*out = nl;
	return 0;
}

int rtnl_adopt(int fd, struct rtnl **out)
{
	struct rtnl *nl = calloc(1, sizeof(*nl));
	struct mnl_socket *socket;
	int err;

	if (!nl)
		return -ENOMEM;
	socket = mnl_socket_fdopen(fd);
	if (!socket) {
		err = -errno;
		free(nl);
		return err;
	}
	*out = nl;
	return set_up(nl, socket);
}

void rtnl_close(struct rtnl *nl)
{
	if (!nl)
		return;
	mnl_socket_close(nl->socket);
	free(nl);
}

int rtnl_fd(const struct rtnl *nl)
{
	return mnl_socket_get_fd(nl->socket);
}

const char *rtnl_said(const struct rtnl *nl)
{
	return nl->said;
}

struct nlmsghdr *rtnl_request(struct rtnl *nl, uint16_t type, size_t size, void *family)
{
	struct nlmsghdr *msg;

	memset(nl->request, 0, sizeof(nl->request));
	msg = mnl_nlmsg_put_header(nl->request);
	msg->nlmsg_type = type;
	*(void **)family = mnl_nlmsg_put_extra_header(msg, size);
	return msg;
}

/* Keeps the kernel's words to an error or acknowledgement. */
static void keep_words(struct rtnl *nl, const struct nlmsghdr *msg)
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(msg);
	size_t skip = sizeof(*e);
	struct nlattr *attr;

	if (!(msg->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	if (!(msg->nlmsg_flags & NLM_F_CAPPED) && e->msg.nlmsg_len > sizeof(e->msg))
		skip += MNL_ALIGN(e->msg.nlmsg_len) - sizeof(e->msg);
	if (mnl_nlmsg_get_payload_len(msg) < skip)
		return;
	mnl_attr_for_each(attr, msg, skip)
		if (mnl_attr_get_type(attr) == NLMSGERR_ATTR_MSG &&
		    mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0)
			strncpy(nl->said, mnl_attr_get_str(attr), sizeof(nl->said) - 1);
}

/* What one piece of an answer holds, for libmnl's callbacks. */
struct answer {
	struct rtnl *nl;
	mnl_cb_t each;
	void *data;
	int err;
};

static int on_error(const struct nlmsghdr *msg, void *data)
{
	const struct nlmsgerr *e = mnl_nlmsg_get_payload(msg);
	struct answer *a = data;

	if (mnl_nlmsg_get_payload_len(msg) < sizeof(*e)) {
		a->err = -EBADMSG;
		return MNL_CB_STOP;
	}
	a->err = e->error;
	if (a->err)
		keep_words(a->nl, msg);
	return MNL_CB_STOP;
}

/* The end of a dump carries its error, too. */
static int on_done(const struct nlmsghdr *msg, void *data)
{
	struct answer *a = data;

	if (mnl_nlmsg_get_payload_len(msg) >= sizeof(int32_t))
		a->err = *(const int32_t *)mnl_nlmsg_get_payload(msg);
	return MNL_CB_STOP;
}

static int on_message(const struct nlmsghdr *msg, void *data)
{
	struct answer *a = data;

	return a->each ? a->each(msg, a->data) : MNL_CB_OK;
}

static int read_answer(struct rtnl *nl, mnl_cb_t each, void *data)
{
	mnl_cb_t control[] = {
		[NLMSG_ERROR] = on_error,
		[NLMSG_DONE] = on_done,
	};
	struct answer a = { .nl = nl, .each = each, .data = data };
	unsigned port = mnl_socket_get_portid(nl->socket);
	bool interrupted = false;
	ssize_t n;
	int more;

	do {
		n = mnl_socket_recvfrom(nl->socket, nl->answer, sizeof(nl->answer));
		if (n < 0 && errno == EINTR) {
			more = MNL_CB_OK;
			continue;
		}
		if (n < 0)
			return -errno;
		more = mnl_cb_run2(nl->answer, (size_t)n, nl->seq, port, on_message, &a, control,
				   sizeof(control) / sizeof(*control));
		if (more < 0 && (errno == ESRCH || errno == EPROTO))
			more = MNL_CB_OK; /* somebody else's answer */
		else if (more < 0 && errno == EINTR)
			interrupted = true, more = MNL_CB_OK;
		else if (more < 0)
			return -errno;
	} while (more > MNL_CB_STOP);
	return a.err ? a.err : interrupted ? -EINTR : 0;
}

int rtnl_talk(struct rtnl *nl, uint16_t flags, mnl_cb_t each, void *data)
{
	struct nlmsghdr *msg = (struct nlmsghdr *)nl->request;
	bool dump = (flags & NLM_F_DUMP) == NLM_F_DUMP;
	int err = 0;

	for (int i = 0; i < ATTEMPTS; i++) {
		nl->said[0] = '\0';
		msg->nlmsg_flags = NLM_F_REQUEST | flags | (dump ? 0 : NLM_F_ACK);
		msg->nlmsg_seq = ++nl->seq;
		if (mnl_socket_sendto(nl->socket, msg, msg->nlmsg_len) < 0)
			return -errno;
		err = read_answer(nl, each, data);
		if (err != -EINTR || !dump)
			break;
	}
	return err;
}
