/*
 * Conversations with the kernel's rtnetlink: requests with their acknowledgement, and dumps. What
 * the kernel adds in words to an error is kept.
 */
#ifndef BCC_NET_RTNL_H
#define BCC_NET_RTNL_H

#include <stddef.h>
#include <stdint.h>

#include <libmnl/libmnl.h>

struct rtnl;

/* A socket in the network namespace of this thread. A negative errno. */
int rtnl_open(struct rtnl **out);

/* The same over a socket that somebody else has opened; it is taken over. */
int rtnl_adopt(int fd, struct rtnl **out);

void rtnl_close(struct rtnl *nl);

/* The socket, which stays in the namespace where it was opened; it belongs to the rtnl. */
int rtnl_fd(const struct rtnl *nl);

/*
 * Begins a request: its header, and size zeroed bytes of its family's header, which *family gets.
 * The message is in the rtnl until the next one; there is room for RTNL_ROOM bytes of attributes.
 */
enum { RTNL_ROOM = 4096 };
struct nlmsghdr *rtnl_request(struct rtnl *nl, uint16_t type, size_t size, void *family);

/*
 * Sends the request and reads until it is answered; each (may be NULL) sees the messages in the
 * answer and returns MNL_CB_OK. flags: NLM_F_DUMP, NLM_F_CREATE, ... A negative errno; a dump that
 * a change has interrupted is -EINTR, after a few attempts.
 */
int rtnl_talk(struct rtnl *nl, uint16_t flags, mnl_cb_t each, void *data);

/* What the kernel said to the last error, "" when nothing. */
const char *rtnl_said(const struct rtnl *nl);

#endif
