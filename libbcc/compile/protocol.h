/*
 * What the library and its compiler process say to each other over one stream socket. Both run on
 * the same machine and come from the same build: numbers are in host order, and the first frame
 * carries a version that must match.
 *
 * A frame is a header and a payload of fields. The side that reads trusts nothing: every length is
 * checked against what is left, and strings must end in the NUL that they are sent with, so that
 * they can be used where they lie. This file and protocol.c know neither Clang nor libbpf.
 *
 *	library			compiler
 *	FRAME_JOB	->
 *			<-	FRAME_DIAG, any number, at any time
 *			<-	FRAME_BTF, once, of a job with a header tree
 *			<-	FRAME_TYPES
 *	FRAME_ANSWER	->
 *			<-	FRAME_NEAR
 *	FRAME_ANSWER	->
 *			<-	FRAME_REWRITTEN, FRAME_OBJECT
 *			<-	FRAME_DONE
 */
#ifndef BCC_COMPILE_PROTOCOL_H
#define BCC_COMPILE_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PROTOCOL_VERSION 2
#define PROTOCOL_FD 3                        /* where the compiler finds its end */
#define PROTOCOL_MAX_PAYLOAD (128u << 20)
#define PROTOCOL_MAX_TEXT (64u << 20)        /* a source text */

enum frame_type {
	/*
	 * u32 version, u32 portable, u32 only_rewrite, bytes text, string name,
	 * strings cflags, strings retarget, strings headers: none, or the build directory of a
	 * header tree, its source directory, and the architecture's directory below arch/
	 */
	FRAME_JOB = 1,
	/* string or none: what was asked for, none when the library failed */
	FRAME_ANSWER = 2,

	/* u32 severity, string code, message, hint, file, u32 line, column, end_column,
	 * string source_line */
	FRAME_DIAG = 16,
	/* strings names, own, tracepoints */
	FRAME_TYPES = 17,
	/* u32 what, string record, name */
	FRAME_NEAR = 18,
	/* string text */
	FRAME_REWRITTEN = 19,
	/* bytes object */
	FRAME_OBJECT = 20,
	/* u32: 0 the job succeeded, 1 it failed and diagnostics say why; then u64 each, in ns:
	 * expand, headers, types, parse, rewrite, codegen */
	FRAME_DONE = 21,
	/* bytes: the header tree's types as BTF; they answer the questions that follow */
	FRAME_BTF = 22,
};

struct frame_header {
	uint32_t type;
	uint32_t size; /* of the payload */
};

/*
 * A frame being written: header first, the payload grows behind it. Memory that runs out is
 * remembered and reported once, by frame_finish().
 */
struct frame {
	char *data;
	size_t size, capacity;
	int error;
};

void frame_start(struct frame *f, enum frame_type type);
void frame_u32(struct frame *f, uint32_t value);
void frame_u64(struct frame *f, uint64_t value);
void frame_bytes(struct frame *f, const void *data, size_t size);
void frame_string(struct frame *f, const char *text);                /* NULL is sent as none */
void frame_strings(struct frame *f, const char *const *list, size_t n);
/* Completes the header. -ENOMEM, or -E2BIG when the payload is larger than any may be. */
int frame_finish(struct frame *f);
void frame_free(struct frame *f);

/*
 * A payload being read. Each function returns what it read or an empty value, and fails for good
 * when the payload is too short or malformed; payload_end() tells at the end.
 */
struct payload {
	const char *data;
	size_t size, at;
	bool failed;
};

uint32_t payload_u32(struct payload *p);
uint64_t payload_u64(struct payload *p);
const void *payload_bytes(struct payload *p, size_t *size);
const char *payload_string(struct payload *p); /* into the payload; NULL for none */
/* malloc()ed and NULL-terminated, the strings lie in the payload; NULL after a failure. */
const char **payload_strings(struct payload *p, size_t *n);
/* True when all was read, nothing is left over, and nothing was malformed. */
bool payload_end(const struct payload *p);

/* A list that ends in NULL: its length. NULL has none. */
size_t strings_count(const char *const *list);

#endif
