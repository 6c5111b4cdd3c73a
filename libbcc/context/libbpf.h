/*
 * Calls into libbpf: what it would print is collected instead, to become part of a diagnostic.
 *
 *	struct libbpf_call call;
 *
 *	libbpf_enter(&call);
 *	err = bpf_object__load(obj);
 *	libbpf_leave(&call);
 *	... libbpf_said(&call) ...
 *	libbpf_call_free(&call);
 */
#ifndef BCC_CONTEXT_LIBBPF_H
#define BCC_CONTEXT_LIBBPF_H

#include <stddef.h>

struct libbpf_call {
	struct libbpf_call *outer;
	char *text;
	size_t size;
};

/* From here to libbpf_leave() the warnings of this thread's libbpf calls go to call. */
void libbpf_enter(struct libbpf_call *call);
void libbpf_leave(struct libbpf_call *call);

/* What libbpf said, without the "libbpf: " in front of each line; NULL when nothing. */
const char *libbpf_said(const struct libbpf_call *call);
void libbpf_call_free(struct libbpf_call *call);

/* libbpf's error as one of ours: its own codes (4000..) are no errno. */
int libbpf_error(int err);

#endif
