/*
 * What this library makes over netlink and has to take away again: filters on an interface and
 * routes, each known by its mark. Used by the library and by the program bcc-undo.
 */
#ifndef BCC_NET_OWNED_H
#define BCC_NET_OWNED_H

#include <stdint.h>

#include "net/mark.h"
#include "net/rtnl.h"

enum {
	OWNED_FILTER = 1,
	OWNED_ROUTE = 2,
	OWNED_PROTOCOL = 182, /* of our routes: who made them, as `ip route` shows it */
};

/* Where it is. Sent to bcc-undo as it is. */
struct owned {
	uint32_t kind;
	int32_t ifindex;
	uint32_t parent; /* of a filter: the direction of clsact */
	uint32_t family; /* of a route */
	uint32_t qdisc;  /* the clsact qdisc goes, too, when no filter is left */
	char mark[MARK_SIZE];
};

/* Takes away what has this mark. That it is gone already is no error. A negative errno; the words
 * are in rtnl_said(). */
int owned_remove(struct rtnl *nl, const struct owned *o);

/*
 * Takes away what dead processes have left in the same place, and finds out whether the qdisc there
 * was made by this library (o->qdisc): then the last one that uses it takes it away.
 */
int owned_sweep(struct rtnl *nl, struct owned *o);

/* The kind of the qdisc in the place of clsact, "" when there is none. */
int owned_qdisc(struct rtnl *nl, int ifindex, char kind[16]);

#endif
