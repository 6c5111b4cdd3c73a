/*
 * A context and the module of one prepared object, for tests of what a module gives.
 */
#ifndef TESTS_FIXTURE_H
#define TESTS_FIXTURE_H

#include <errno.h>

#include "runtime.h"

struct fixture {
	struct bcc_context *ctx;
	struct bcc_module *mod;
};

static inline int open_fixture(struct fixture *f, const char *name)
{
	need_bpf();
	assert_int_equal(bcc_context_create(NULL, &f->ctx), 0);
	f->mod = prepared_module(f->ctx, name);
	return 0;
}

static inline struct bcc_table *table(struct fixture *f, const char *name)
{
	struct bcc_table *t = bcc_module_table(f->mod, name);

	assert_non_null(t);
	return t;
}

/* The message of the last call's only diagnostic. */
static inline const char *message(struct fixture *f)
{
	assert_int_equal(bcc_diag_count(f->ctx), 1);
	return bcc_diag_message(bcc_diag_get(f->ctx, 0));
}

#endif
