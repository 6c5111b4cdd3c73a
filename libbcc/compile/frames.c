/*
 * What the compiler says, frame by frame. It is taken for a program that may have gone mad on a
 * hostile text: a frame that is malformed, out of place or one too many ends the compile.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "compile/internal.h"
#include "kernel/kernel.h"

#define MAX_DIAGS 1000

static int handle_diag(struct compile *c, struct payload *p)
{
	uint32_t severity = payload_u32(p);
	const char *code = payload_string(p);
	const char *message = payload_string(p);
	const char *hint = payload_string(p);
	const char *file = payload_string(p);
	uint32_t line = payload_u32(p);
	uint32_t column = payload_u32(p);
	uint32_t end_column = payload_u32(p);
	const char *source_line = payload_string(p);
	struct bcc_diag *diag;

	if (!payload_end(p) || severity > BCC_ERROR || !code || !message)
		return -EPROTO;
	if (++c->diags > MAX_DIAGS)
		return -EPROTO;
	if (severity == BCC_ERROR)
		c->errors++;
	diag = diag_add(c->ctx, (enum bcc_severity)severity, code, "%s", message);
	if (hint)
		diag_hint(diag, "%s", hint);
	if (file)
		diag_at(diag, file, line, column, end_column, source_line);
	diag_done(c->ctx, diag);
	return 0;
}

static int handle_rewritten(struct compile *c, struct payload *p)
{
	const char *text = payload_string(p);

	if (!payload_end(p) || c->result.rewritten)
		return -EPROTO;
	c->result.rewritten = strdup(text ? text : "");
	return c->result.rewritten ? 0 : -ENOMEM;
}

static int handle_object(struct compile *c, struct payload *p)
{
	size_t size;
	const void *data = payload_bytes(p, &size);

	if (!payload_end(p) || !size || c->result.object || c->rq->only_rewrite)
		return -EPROTO;
	c->result.object = malloc(size);
	if (!c->result.object)
		return -ENOMEM;
	memcpy(c->result.object, data, size);
	c->result.object_size = size;
	return 0;
}

/* The types of the header tree: what questions are answered from. Not trusted more than a file. */
static int handle_btf(struct compile *c, struct payload *p)
{
	struct kernel_opts opts = { .tracefs_path = c->ctx->tracefs_path };
	int err;

	opts.btf = payload_bytes(p, &opts.btf_size);
	if (!payload_end(p) || !c->tree || c->tree_kernel)
		return -EPROTO;
	err = kernel_open(&opts, &c->tree_kernel);
	return err == -EINVAL ? -EPROTO : err;
}

static int handle_done(struct compile *c, struct payload *p)
{
	struct compile_times *times = &c->result.times;

	c->status = payload_u32(p);
	times->expand = payload_u64(p);
	times->headers = payload_u64(p);
	times->types = payload_u64(p);
	times->parse = payload_u64(p);
	times->rewrite = payload_u64(p);
	times->codegen = payload_u64(p);
	if (!payload_end(p) || c->status > 1)
		return -EPROTO;
	if (!c->status && (!c->result.rewritten || (!c->result.object && !c->rq->only_rewrite)))
		return -EPROTO;
	c->done = true;
	return 0;
}

int handle_frame(struct compile *c, const struct frame_header *header, const char *payload)
{
	struct payload p = { .data = payload, .size = header->size };

	switch (header->type) {
	case FRAME_DIAG:
		return handle_diag(c, &p);
	case FRAME_TYPES:
		return answer_types(c, &p);
	case FRAME_NEAR:
		return answer_near(c, &p);
	case FRAME_REWRITTEN:
		return handle_rewritten(c, &p);
	case FRAME_OBJECT:
		return handle_object(c, &p);
	case FRAME_BTF:
		return handle_btf(c, &p);
	case FRAME_DONE:
		return handle_done(c, &p);
	default:
		return -EPROTO;
	}
}
