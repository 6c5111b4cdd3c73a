/*
 * What the files of this directory share: the state of one compile, and its parts.
 */
#ifndef BCC_COMPILE_INTERNAL_H
#define BCC_COMPILE_INTERNAL_H

#include "compile/compile.h"
#include "compile/process.h"

struct compile {
	struct bcc_context *ctx;
	const struct compile_request *rq;
	struct process process;
	struct compile_result result; /* what has arrived */
	size_t diags, errors;         /* that the compiler sent */
	int own_error;                /* of a question that could not be answered; has its
					 diagnostic */
	bool done;
	uint32_t status; /* of FRAME_DONE */
};

/* --- flags.c --- */

/* Whether all flags are of those that can do no harm. -EINVAL has its diagnostic. */
int check_flags(struct bcc_context *ctx, const char *const *cflags);

/* --- facts.c --- */

#define FACTS_MAX 2

/* The user's flags with the kernel's facts in front. flags is freed by the caller; its strings are
 * in text, and the user's. */
struct facts {
	char text[FACTS_MAX][48];
	const char **flags; /* NULL-terminated */
};

int facts_collect(const struct compile_request *rq, struct facts *out);

/* --- frames.c --- */

/* Acts on one frame of the compiler. -EPROTO when it makes no sense, or an error of sending. */
int handle_frame(struct compile *c, const struct frame_header *header, const char *payload);

/* --- death.c --- */

/* Turns the end of a compiler that did not complete its job into a diagnostic and an error. err is
 * that of the last transfer. */
int explain_death(struct compile *c, const char *path, int err);

/* --- answer.c --- */

/* Answer its questions. A negative error is one of sending; one of ours is in own_error. */
int answer_types(struct compile *c, struct payload *p);
int answer_near(struct compile *c, struct payload *p);

#endif
