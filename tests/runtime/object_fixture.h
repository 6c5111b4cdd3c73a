/*
 * Runtime tests on objects made by stock clang: a context and a module from TEST_BINARY_DATA/NAME.
 * The program ends with 77 (skipped) where the kernel gives no BPF to this user.
 */
#ifndef TESTS_OBJECT_FIXTURE_H
#define TESTS_OBJECT_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>

#include "object/module.h"

struct fixture {
	struct bcc_context *ctx;
	struct bcc_module *mod;
};

static void *read_object(const char *name, size_t *size)
{
	char path[512];
	FILE *file;
	char *data;

	snprintf(path, sizeof(path), "%s/%s", TEST_BINARY_DATA, name);
	file = fopen(path, "re");
	assert_non_null(file);
	data = malloc(1 << 20);
	*size = fread(data, 1, 1 << 20, file);
	fclose(file);
	return data;
}

static int open_fixture(struct fixture *f, const char *name)
{
	struct module_source src = { .name = name, .text = "" };
	void *object;
	char *diags;
	int err;

	assert_int_equal(bcc_context_create(NULL, &f->ctx), 0);
	object = read_object(name, &src.object_size);
	src.object = object;
	err = module_from_object(f->ctx, &src, &f->mod);
	free(object);
	if (!err)
		return 0;
	diags = bcc_context_diags_dup(f->ctx);
	fprintf(stderr, "%s: %s\n%s", name, bcc_strerror(err), diags);
	bcc_free(diags);
	if (err == BCC_ERR_PRIVILEGE || err == BCC_ERR_KERNEL || err == -EPERM) {
		fprintf(stderr, "skipped: no BPF here\n");
		exit(77);
	}
	return err;
}

static struct bcc_table *table(struct fixture *f, const char *name)
{
	struct bcc_table *t = bcc_module_table(f->mod, name);

	assert_non_null(t);
	return t;
}

/* The message of the last call's only diagnostic. */
static const char *message(struct fixture *f)
{
	assert_int_equal(bcc_diag_count(f->ctx), 1);
	return bcc_diag_message(bcc_diag_get(f->ctx, 0));
}

#endif
