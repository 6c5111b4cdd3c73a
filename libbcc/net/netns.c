/*
 * Work in another network namespace is done by a thread of its own that ends with it. So the
 * caller's thread never is anywhere else, and there is nothing to put back that could fail. No
 * signal is handled there: a handler of the application would run in the wrong namespace.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "net/netns.h"

struct errand {
	int netns;
	int (*fn)(void *data);
	void *data;
	int result;
};

int netns_open(const char *name)
{
	char path[300];
	int fd;

	if (*name == '/')
		snprintf(path, sizeof(path), "%s", name);
	else if (strspn(name, "0123456789") == strlen(name))
		snprintf(path, sizeof(path), "/proc/%.20s/ns/net", name);
	else
		snprintf(path, sizeof(path), "/run/netns/%s", name);
	/* It may be anything that the user has named, a FIFO too. */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	return fd < 0 ? -errno : fd;
}

static void *run_errand(void *data)
{
	struct errand *e = data;

	e->result = setns(e->netns, CLONE_NEWNET) ? -errno : e->fn(e->data);
	return NULL;
}

int netns_run(int fd, int (*fn)(void *data), void *data)
{
	struct errand e = { .netns = fd, .fn = fn, .data = data };
	pthread_attr_t attr;
	pthread_t thread;
	sigset_t all;
	int err;

	if (fd < 0)
		return fn(data);
	err = pthread_attr_init(&attr);
	if (err)
		return -err;
	sigfillset(&all);
	err = pthread_attr_setsigmask_np(&attr, &all);
	if (!err)
		err = pthread_create(&thread, &attr, run_errand, &e);
	pthread_attr_destroy(&attr);
	if (err)
		return -err;
	pthread_join(thread, NULL);
	return e.result;
}
