/*
 * The fixture of most runtime tests: each test has a context of its own, and when it is gone this
 * process has as many descriptors of BPF as before.
 */
#ifndef TESTS_IN_CONTEXT_H
#define TESTS_IN_CONTEXT_H

#include "runtime.h"

static struct bcc_context *ctx;
static int descriptors; /* before */

static inline int setup_context(void **state)
{
	BCC_OPTS(bcc_context_opts, opts, .compiler_path = TEST_COMPILER);

	(void)state;
	descriptors = bpf_descriptors();
	return bcc_context_create(&opts, &ctx);
}

static inline int teardown_context(void **state)
{
	(void)state;
	bcc_context_destroy(ctx);
	assert_int_equal(bpf_descriptors(), descriptors);
	return 0;
}

static inline struct bcc_module *make(const char *text)
{
	struct bcc_module *mod = NULL;

	check(ctx, bcc_module_create(ctx, text, NULL, &mod), 0);
	return mod;
}

#endif
