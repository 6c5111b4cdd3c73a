/*
 * What the files of this directory share: the state of one compile, and its parts.
 */
#ifndef BCC_COMPILE_INTERNAL_H
#define BCC_COMPILE_INTERNAL_H

#include "compile/compile.h"
#include "compile/process.h"

struct header_tree;

struct compile {
	struct bcc_context *ctx;
	const struct compile_request *rq;
	struct process process;
	struct header_tree *tree;     /* NULL: types come from the kernel itself */
	struct kernel *tree_kernel;   /* what the compiler made of it; NULL: not yet */
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

#define FACTS_MAX 4

/* The user's flags with the kernel's facts in front. flags is freed by the caller; its strings are
 * in text, the tree, and the user's. */
struct facts {
	char text[FACTS_MAX][48];
	const char **flags; /* NULL-terminated */
};

/* tree may be NULL. */
int facts_collect(const struct compile_request *rq, const struct header_tree *tree,
		  struct facts *out);

/* --- headers.c --- */

/* A kernel's header tree (bcc_context_opts.kernel_headers) that was found to be one. */
struct header_tree {
	char *build;    /* what configuring and building made */
	char *source;   /* what came with the kernel; may be the same */
	char *config;   /* the file of its CONFIG_ macros */
	const char *arch; /* its directory below arch/ */
	unsigned version; /* LINUX_VERSION_CODE */
	unsigned page_shift;
};

/* Finds both parts of the tree and checks that it can be used here. Errors, -EINVAL or that of
 * opening, have their diagnostic. */
int header_tree_open(struct bcc_context *ctx, const char *path, struct header_tree *out);
void header_tree_free(struct header_tree *tree);

/* --- frames.c --- */

/* Acts on one frame of the compiler. -EPROTO when it makes no sense, or an error of sending. */
int handle_frame(struct compile *c, const struct frame_header *header, const char *payload);

/* --- death.c --- */

/* Turns the end of a compiler that did not complete its job into a diagnostic and an error. err is
 * that of the last transfer. */
int explain_death(struct compile *c, const char *path, int err);

/* --- answer.c --- */

/* The kernel to answer from: the running one, or the header tree's. A negative error has its
 * diagnostic. */
int answer_kernel(struct compile *c, struct kernel **out);

/* Answer its questions. A negative error is one of sending; one of ours is in own_error. */
int answer_types(struct compile *c, struct payload *p);
int answer_near(struct compile *c, struct payload *p);

#endif
