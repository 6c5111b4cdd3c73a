/*
 * Marks: the names of what is made over netlink, which the kernel keeps and shows (tc filter show,
 * ip route show). A mark says which process made it, so that what a dead one left is known as
 * ours: "bcc:PIDNS:PID:START:NONCE:FLAG:PROGRAM".
 */
#ifndef BCC_NET_MARK_H
#define BCC_NET_MARK_H

#include <stdbool.h>
#include <stddef.h>

enum { MARK_SIZE = 200 }; /* with the final NUL; the kernel takes 256 */

struct mark {
	unsigned long pidns; /* the PID namespace that pid is in */
	int pid;
	unsigned long long start; /* in clock ticks after boot */
	bool qdisc; /* the clsact qdisc is of our making, too */
};

/* Makes one that no other attachment has. A negative errno. */
int mark_make(char mark[MARK_SIZE], bool qdisc, const char *program);

/* Finds a mark in size bytes (a netlink message) and reads it. */
bool mark_find(const void *bytes, size_t size, struct mark *out);

/* Whether its process is gone. Of another PID namespace's processes nothing is known: false. */
bool mark_is_dead(const struct mark *m);

/* When a process started, in clock ticks after boot; a negative errno. And whether the process that
 * started then under this number is gone. */
int process_started(int pid, unsigned long long *out);
bool process_is_gone(int pid, unsigned long long start);

#endif
