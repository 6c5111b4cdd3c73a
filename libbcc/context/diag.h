/*
 * How the library's own code makes diagnostics. The public side is bcc/diag.h.
 *
 * diag_add() never fails: when memory runs out it hands out a spare diagnostic inside the context,
 * so callers chain diag_at(), diag_hint() and diag_log() without checks. Setters copy what they
 * are given; a NULL text leaves the field empty.
 */
#ifndef BCC_INTERNAL_DIAG_H
#define BCC_INTERNAL_DIAG_H

#include <bcc/diag.h>

struct diag_list; /* inside the context */

/* NULL when memory ran out. Only for the context itself. */
struct diag_list *diag_list_new(void);
void diag_list_free(struct diag_list *list);

void diag_clear(struct bcc_context *ctx);

__attribute__((format(printf, 4, 5)))
struct bcc_diag *diag_add(struct bcc_context *ctx, enum bcc_severity severity, const char *code,
			  const char *fmt, ...);

__attribute__((format(printf, 2, 3)))
void diag_hint(struct bcc_diag *diag, const char *fmt, ...);
void diag_at(struct bcc_diag *diag, const char *file, unsigned line, unsigned column,
	     unsigned end_column, const char *source_line);
void diag_log(struct bcc_diag *diag, const char *log);

/* The diagnostic is complete: call the user's callback. Every diag_add() ends in one. */
void diag_done(struct bcc_context *ctx, struct bcc_diag *diag);

/* An error without place or hint, complete at once. Returns err, for "return diag_fail(...)". */
__attribute__((format(printf, 4, 5)))
int diag_fail(struct bcc_context *ctx, int err, const char *code, const char *fmt, ...);

/* The same with a hint (may be NULL). */
__attribute__((format(printf, 5, 6)))
int diag_fail_hint(struct bcc_context *ctx, int err, const char *code, const char *hint,
		   const char *fmt, ...);

/*
 * Holds the user's callback back during an attempt that may be made good by another one. The
 * release either publishes what was said since the mark, or drops it. Holds may nest.
 */
size_t diag_hold(struct bcc_context *ctx);
void diag_release(struct bcc_context *ctx, size_t mark, bool keep);

/* While held: removes the diagnostics from index first up to, not including, end. */
void diag_drop(struct bcc_context *ctx, size_t first, size_t end);

#endif
