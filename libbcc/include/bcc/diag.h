/*
 * bcc/diag.h - what went wrong, where in the user's text, why, and what to do about it.
 *
 * Diagnostics hang off the context. Each call that can fail on the user's behalf (making a module,
 * loading, attaching, a table operation) clears them on entry, so what is there belongs to the
 * last such call. A successful call may leave warnings.
 */
#ifndef BCC_DIAG_H
#define BCC_DIAG_H

#include <bcc/common.h>

BCC_EXTERN_C_BEGIN

enum bcc_severity {
	BCC_NOTE = 0,
	BCC_WARNING = 1,
	BCC_ERROR = 2,
};

/* The number of diagnostics of the last call, and the i-th of them (NULL past the end). They live
 * until the next call that clears them. */
BCC_API size_t bcc_diag_count(const struct bcc_context *ctx);
BCC_API const struct bcc_diag *bcc_diag_get(const struct bcc_context *ctx, size_t i);

BCC_API enum bcc_severity bcc_diag_severity(const struct bcc_diag *diag);

/* A stable identifier such as "clang", "unknown-method", "verifier". Never NULL. */
BCC_API const char *bcc_diag_code(const struct bcc_diag *diag);

/* One sentence without a full stop. Never NULL. */
BCC_API const char *bcc_diag_message(const struct bcc_diag *diag);

/* What to do about it, or NULL. */
BCC_API const char *bcc_diag_hint(const struct bcc_diag *diag);

/* The user's file name, or NULL when the diagnostic has no place in a text. */
BCC_API const char *bcc_diag_file(const struct bcc_diag *diag);

/* Line and columns in that file, from 1 (0: unknown). Columns count bytes; end_column is one past
 * the last. */
BCC_API unsigned bcc_diag_line(const struct bcc_diag *diag);
BCC_API unsigned bcc_diag_column(const struct bcc_diag *diag);
BCC_API unsigned bcc_diag_end_column(const struct bcc_diag *diag);

/* The text of that line without its newline, or NULL. */
BCC_API const char *bcc_diag_source_line(const struct bcc_diag *diag);

/* The last lines of the kernel's or the compiler's log, or NULL. */
BCC_API const char *bcc_diag_log(const struct bcc_diag *diag);

/*
 * The diagnostic laid out for a terminal: severity and message, place, the line with a caret below
 * it, log, hint; each line ends in a newline. Control bytes that come from the user's text are
 * shown escaped. NULL when memory ran out; free with bcc_free().
 */
BCC_API char *bcc_diag_format_dup(const struct bcc_diag *diag);

/* All diagnostics of the context laid out one after the other; "" when there is none. */
BCC_API char *bcc_context_diags_dup(const struct bcc_context *ctx);

BCC_EXTERN_C_END

#endif
