/*
 * One compile from request to result: checks what the user gave, starts the compiler, sends the
 * job, acts on what comes back until it is done, and explains it when that never happens.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "compile/internal.h"
#include "context/clock.h"
#include "kernel/kernel.h"

/* Wall time. The compiler limits its processor time itself, so this is for machines that give it hardly
 * any. */
#define TIMEOUT_MS 180000
#define GRACE_MS 2000 /* for a process that hung up to end by itself, so that we see how */

static int send_job(struct compile *c)
{
	const struct compile_request *rq = c->rq;
	const struct header_tree *tree = c->tree;
	const char *const headers[] = { tree ? tree->build : NULL, tree ? tree->source : NULL,
					tree ? tree->arch : NULL };
	struct facts facts;
	struct frame f;
	int err;

	err = facts_collect(rq, tree, &facts);
	if (err)
		return err;
	frame_start(&f, FRAME_JOB);
	frame_u32(&f, PROTOCOL_VERSION);
	frame_u32(&f, rq->portable);
	frame_u32(&f, rq->only_rewrite);
	frame_bytes(&f, rq->text, rq->text_size);
	frame_string(&f, rq->name ? rq->name : "main.c");
	frame_strings(&f, facts.flags, strings_count(facts.flags));
	frame_strings(&f, rq->retarget, strings_count(rq->retarget));
	frame_strings(&f, headers, tree ? sizeof(headers) / sizeof(*headers) : 0);
	err = frame_finish(&f);
	if (!err)
		err = process_send(&c->process, &f);
	frame_free(&f);
	free(facts.flags);
	return err;
}

/*
 * Reads the kernel's types while the compiler starts: it is going to ask for them, and both take
 * milliseconds. The kernel keeps what was read, and an error of reading for the question itself.
 */
static void read_kernel_ahead(struct compile *c)
{
	struct kernel *k;

	if (c->tree)
		return;
	c->own_error = context_kernel(c->ctx, &k);
	if (!c->own_error)
		kernel_has_struct(k, "task_struct");
}

/* Until the compiler says that it is done. */
static int converse(struct compile *c)
{
	struct frame_header header;
	char *payload;
	int err;

	err = send_job(c);
	if (!err)
		read_kernel_ahead(c);
	if (c->own_error)
		return c->own_error;
	while (!err && !c->done) {
		err = process_receive(&c->process, &header, &payload);
		if (err)
			break;
		err = handle_frame(c, &header, payload);
		free(payload);
	}
	return err;
}

/* The outcome of a conversation; the process has ended. */
static int outcome(struct compile *c, const char *path, int err)
{
	if (c->own_error)
		return c->own_error;
	if (!c->done)
		return explain_death(c, path, err);
	if (!c->status)
		return 0;
	if (!c->errors)
		return diag_fail(c->ctx, BCC_ERR_COMPILER, "compiler",
				 "the compiler refused the text without saying why");
	return BCC_ERR_COMPILE;
}

static int cannot_start(struct bcc_context *ctx, const char *path, int err)
{
	const char *hint = NULL;

	if (err == -ENOENT || err == -ENOTDIR)
		hint = "it is part of the package that this library comes from, and in a build "
		       "tree it is made by the target bcc-compiler; "
		       "bcc_context_opts.compiler_path names another one";
	else if (err == -EACCES)
		hint = "it must be a program that this user may execute";
	return diag_fail_hint(ctx, BCC_ERR_COMPILER, "compiler", hint,
			      "the compiler program %s cannot be started: %s", path,
			      bcc_strerror(err));
}

static int check_request(struct bcc_context *ctx, const struct compile_request *rq)
{
	if (rq->text_size > PROTOCOL_MAX_TEXT)
		return diag_fail(ctx, -E2BIG, "too-large", "the text is larger than 64 MB");
	return check_flags(ctx, rq->cflags);
}

int compile_run(struct bcc_context *ctx, const struct compile_request *rq,
		struct compile_result *out)
{
	struct compile c = { .ctx = ctx, .rq = rq };
	uint64_t start = clock_ns();
	struct header_tree tree;
	char *path = NULL;
	int err;

	err = check_request(ctx, rq);
	if (err)
		return err;
	if (ctx->kernel_headers) {
		err = header_tree_open(ctx, ctx->kernel_headers, &tree);
		if (err)
			return err;
		c.tree = &tree;
	}
	path = ctx->compiler_path ? strdup(ctx->compiler_path) : process_locate("bcc-compiler");
	if (!path) {
		err = diag_fail(ctx, -ENOMEM, "memory", "out of memory");
		goto out;
	}
	err = process_start(&c.process, path, TIMEOUT_MS);
	if (err) {
		err = cannot_start(ctx, path, err);
		goto out;
	}
	err = converse(&c);
	/* When it is done there is nothing to wait for but the kernel taking its memory down; what
	 * has run out of time or sense is not waited for either. */
	process_end(&c.process, err == -ECONNRESET ? GRACE_MS : 0);
	err = outcome(&c, path, err);
	if (!err) {
		c.result.times.total = clock_ns() - start;
		*out = c.result;
		memset(&c.result, 0, sizeof(c.result));
	}
	process_free(&c.process);
	compile_result_free(&c.result);
out:
	kernel_close(c.tree_kernel);
	if (c.tree)
		header_tree_free(c.tree);
	free(path);
	return err;
}

void compile_result_free(struct compile_result *res)
{
	free(res->rewritten);
	free(res->object);
	memset(res, 0, sizeof(*res));
}
