/*
 * The fixture of tests that attach what data/attach.bpf.c has: programs that count in "counts" how
 * often this process calls getppid(), each under a key of its own.
 */
#ifndef TESTS_COUNTING_H
#define TESTS_COUNTING_H

#include <sys/syscall.h>

#include "runtime.h"

#define KEY_SYSCALL 100
#define KEY_TARGET 101

struct fixture {
	struct bcc_context *ctx;
	struct bcc_module *mod;
	struct bcc_table *counts;
	int descriptors; /* before */
};

static inline void put(struct fixture *f, uint32_t key, uint64_t value)
{
	assert_int_equal(bcc_table_set(f->counts, &key, &value), 0);
}

static inline uint64_t get(struct fixture *f, uint32_t key)
{
	uint64_t value = 0;

	assert_int_equal(bcc_table_get(f->counts, &key, &value), 0);
	return value;
}

static inline int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	BCC_OPTS(bcc_context_opts, opts, .compiler_path = TEST_COMPILER);

	*state = f;
	f->descriptors = bpf_descriptors();
	assert_int_equal(bcc_context_create(&opts, &f->ctx), 0);
	f->mod = prepared_module(f->ctx, "attach");
	f->counts = bcc_module_table(f->mod, "counts");
	assert_non_null(f->counts);
	put(f, KEY_SYSCALL, SYS_getppid);
	put(f, KEY_TARGET, getpid());
	return 0;
}

static inline int teardown(void **state)
{
	struct fixture *f = *state;

	bcc_context_destroy(f->ctx);
	assert_int_equal(bpf_descriptors(), f->descriptors);
	free(f);
	return 0;
}

static inline struct bcc_link *attach(struct fixture *f, const char *program, const char *hook)
{
	struct bcc_link *link = NULL;

	check(f->ctx, bcc_program_attach(bcc_module_program(f->mod, program), hook, NULL, &link),
	      0);
	assert_non_null(link);
	assert_int_equal(bcc_diag_count(f->ctx), 0);
	return link;
}

static inline void call(int n)
{
	while (n--)
		getppid();
}

#endif
