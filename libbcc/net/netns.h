/*
 * Other network namespaces.
 */
#ifndef BCC_NET_NETNS_H
#define BCC_NET_NETNS_H

/* Opens the namespace of a path, of a process when it is a number, or else that of a name of "ip
 * netns". A descriptor or a negative errno. */
int netns_open(const char *name);

/*
 * Calls fn in the network namespace behind fd (-1: that of the caller) and returns what it returns,
 * or a negative errno when it does not get there: -EINVAL for what is no network namespace.
 */
int netns_run(int fd, int (*fn)(void *data), void *data);

#endif
