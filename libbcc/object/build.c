/*
 * Texts and objects on their own: a text rewritten or compiled without loading it, and a module from
 * an object that was compiled before.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "compile/compile.h"
#include "object/module.h"

/* Compiles, or only rewrites, without making a module. */
static int compile_text(struct bcc_context *ctx, const char *text,
			const struct bcc_module_opts *opts, enum bcc_target target,
			struct compile_request *rq, struct compile_result *res)
{
	struct bcc_module_opts o;
	int err = module_read_opts(ctx, opts, &o);

	if (err)
		return err;
	if (target != BCC_TARGET_HERE && target != BCC_TARGET_PORTABLE)
		return diag_fail(ctx, -EINVAL, "options", "%d is no enum bcc_target", (int)target);
	rq->text = text;
	rq->text_size = strlen(text);
	rq->name = o.name ? o.name : "main.c";
	rq->cflags = o.cflags;
	rq->portable = target == BCC_TARGET_PORTABLE;
	return compile_run(ctx, rq, res);
}

int bcc_rewrite(struct bcc_context *ctx, const char *text, const struct bcc_module_opts *opts,
		enum bcc_target target, char **out_dup)
{
	struct compile_request rq = { .only_rewrite = true };
	struct compile_result res = { 0 };
	int err;

	if (!ctx || !text || !out_dup)
		return -EINVAL;
	err = compile_text(ctx, text, opts, target, &rq, &res);
	if (err)
		return err;
	*out_dup = res.rewritten;
	res.rewritten = NULL;
	compile_result_free(&res);
	return 0;
}

int bcc_compile(struct bcc_context *ctx, const char *text, const struct bcc_module_opts *opts,
		enum bcc_target target, void **object_dup, size_t *size)
{
	struct compile_request rq = { 0 };
	struct compile_result res = { 0 };
	int err;

	if (!ctx || !text || !object_dup || !size)
		return -EINVAL;
	err = compile_text(ctx, text, opts, target, &rq, &res);
	if (err)
		return err;
	*object_dup = res.object;
	*size = res.object_size;
	res.object = NULL;
	compile_result_free(&res);
	return 0;
}

int bcc_module_create_from_object(struct bcc_context *ctx, const void *object, size_t size,
				  const struct bcc_module_opts *opts, struct bcc_module **out)
{
	struct module_source src = { .text = "", .object = object, .object_size = size };
	struct bcc_module_opts o;
	int err;

	if (!ctx || !object || !out)
		return -EINVAL;
	err = module_read_opts(ctx, opts, &o);
	if (err)
		return err;
	if (o.cflags)
		return diag_fail(ctx, -EINVAL, "options", "an object has no use for cflags");
	src.name = o.name ? o.name : "object";
	src.values = o.values;
	return module_from_object(ctx, &src, out);
}
