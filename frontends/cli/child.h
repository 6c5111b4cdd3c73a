/*
 * The command after "--": started at once but held back until everything is attached, so that
 * nothing of it is missed; its process id is known before the text is compiled.
 */
#ifndef BPFCC_CHILD_H
#define BPFCC_CHILD_H

#include <sys/types.h>

struct child {
	pid_t pid;
	int pidfd;   /* readable when it has ended */
	int gate;    /* closing it without a word ends a held child */
	int failure; /* carries errno when the command cannot be run */
};

#define CHILD_NONE { .pid = -1, .pidfd = -1, .gate = -1, .failure = -1 }

/* Negative errno. */
int child_start(struct child *child, char **argv);

/* Lets it run. Negative errno when the command cannot be run. */
int child_resume(struct child *child);

/* Ends it, politely first, when it still runs; frees everything. A child that was never started
 * is fine. */
void child_end(struct child *child);

#endif
