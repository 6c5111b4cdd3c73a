/*
 * The compiler as a process: started with an empty environment, spoken to over a socket within a
 * time limit, and always waited for. Nothing here knows what is said.
 */
#ifndef BCC_COMPILE_PROCESS_H
#define BCC_COMPILE_PROCESS_H

#include <sys/types.h>

#include "compile/protocol.h"

struct process {
	pid_t pid;        /* 0 when there is none */
	int fd;           /* our end of the socket; -1 */
	int log_fd;       /* what it writes to stderr */
	int64_t deadline; /* CLOCK_MONOTONIC, ms */
	int status;       /* as of waitpid(), after process_end(); -1 when it is not known */
	bool killed;      /* process_end() had to */
};

/* locate.c: the program of this name that belongs to this library, malloc()ed; NULL when memory ran
 * out. */
char *process_locate(const char *name);

/* Starts the program. A negative errno: -ENOENT when it is not there. */
int process_start(struct process *p, const char *path, int timeout_ms);

/* Sends a finished frame. -ETIMEDOUT; -ECONNRESET when the process hung up. */
int process_send(struct process *p, const struct frame *f);

/*
 * Reads one frame; *payload is malloc()ed (and never NULL). The errors of process_send(), -EPROTO
 * for a payload that is too large, -ENOMEM.
 */
int process_receive(struct process *p, struct frame_header *header, char **payload);

/* Hangs up and waits; a process that does not end by itself is killed after grace_ms. */
void process_end(struct process *p, int grace_ms);

/* The tail of what it wrote to stderr, printable, malloc()ed; NULL when there is nothing. */
char *process_log(const struct process *p);

/* Frees what remains after process_end(). */
void process_free(struct process *p);

#endif
