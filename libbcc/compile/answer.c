/*
 * The compiler's questions about the running kernel, answered from libbcc/kernel. An answer that
 * cannot be given ends the job: its diagnostic is made here, where the reason is known.
 */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compile/internal.h"
#include "kernel/kernel.h"

#define NEAR_MAX 3
#define NEAR_MEMBERS 100 /* as in rewriter/rewrite.h: members of the record, not names */

/* Sends an answer; NULL is "none", which ends the job. */
static int send_answer(struct compile *c, const char *text)
{
	struct frame f;
	int err;

	frame_start(&f, FRAME_ANSWER);
	frame_string(&f, text);
	err = frame_finish(&f);
	if (!err)
		err = process_send(&c->process, &f);
	frame_free(&f);
	return err;
}

/* --- tracepoints that are not there --- */

static bool is_word(char ch)
{
	return isalnum((unsigned char)ch) || ch == '_';
}

/* Whether category and a comma stand before end, as in TRACEPOINT_PROBE(category, event). */
static bool ends_in_pair(const char *text, const char *end, const char *category, size_t length)
{
	while (end > text && isspace((unsigned char)end[-1]))
		end--;
	if (end == text || end[-1] != ',')
		return false;
	end--;
	while (end > text && isspace((unsigned char)end[-1]))
		end--;
	return (size_t)(end - text) > length && !memcmp(end - length, category, length) &&
	       !is_word(end[-(long)length - 1]);
}

/* Where the text names the tracepoint CATEGORY__EVENT, in this form or as a pair; or NULL. */
static const char *find_tracepoint(const char *text, const char *name, const char *event)
{
	size_t category_length = (size_t)(event - name) - 2, length = strlen(event);
	const char *at = strstr(text, name);

	if (at)
		return at;
	for (at = strstr(text, event); at; at = strstr(at + 1, event))
		if (!is_word(at[length]) && ends_in_pair(text, at, name, category_length))
			return at;
	return NULL;
}

/* Puts a diagnostic at a place in the text of the request. */
static void place_in_text(struct compile *c, struct bcc_diag *diag, const char *at, size_t length)
{
	const char *start = at, *end = at + strcspn(at, "\r\n");
	unsigned line = 1;
	char *copy;

	for (const char *p = c->rq->text; p < at; p++)
		if (*p == '\n')
			line++;
	while (start > c->rq->text && start[-1] != '\n')
		start--;
	copy = strndup(start, (size_t)(end - start));
	diag_at(diag, c->rq->name ? c->rq->name : "main.c", line, (unsigned)(at - start) + 1,
		(unsigned)(at - start + length) + 1, copy);
	free(copy);
}

/* What may help: near names, or that the kernel's list cannot be read. */
static void hint_tracepoint(struct kernel *k, struct bcc_diag *diag, const char *name)
{
	const char *tracefs = kernel_tracefs(k);
	char *near, path[4096];

	if (!tracefs) {
		diag_hint(diag, "no tracefs is mounted, which lists them; mount it with: "
			  "mount -t tracefs nodev /sys/kernel/tracing");
		return;
	}
	snprintf(path, sizeof(path), "%s/events", tracefs);
	if (access(path, R_OK | X_OK)) {
		diag_hint(diag, "%s cannot be read by this user: %m", path);
		return;
	}
	near = kernel_near(k, KERNEL_TRACEPOINTS, name, NEAR_MAX);
	if (near && *near)
		diag_hint(diag, "there is %s", near);
	free(near);
}

/* Without tracefs nobody can tell whether the tracepoint is there: what lacks is the right to look. */
static struct bcc_diag *add_closed(struct compile *c, const char *name)
{
	char *hint = NULL, *missing = privilege_missing(&hint);
	struct bcc_diag *diag;

	diag = diag_add(c->ctx, BCC_ERROR, "privilege",
			"the tracepoint %s cannot be looked up: tracefs is closed to this user%s%s", name,
			missing ? ", and " : "", missing ? missing : "");
	diag_hint(diag, "%s", hint ? hint : "run it with sudo");
	free(hint);
	free(missing);
	return diag;
}

static int report_missing(struct compile *c, struct kernel *k, const char *name)
{
	bool closed = kernel_tracefs_closed(k);
	const char *sep = strstr(name, "__"), *event = sep ? sep + 2 : name, *at = NULL;
	char spelled[256];
	struct bcc_diag *diag;

	if (sep) {
		snprintf(spelled, sizeof(spelled), "%.*s:%s", (int)(sep - name), name, event);
		at = find_tracepoint(c->rq->text, name, event);
	} else {
		snprintf(spelled, sizeof(spelled), "%s", name);
	}
	diag = closed ? add_closed(c, spelled)
		      : diag_add(c->ctx, BCC_ERROR, "no-tracepoint",
				 "the kernel has no tracepoint %s", spelled);
	if (at)
		place_in_text(c, diag, at, strlen(!strncmp(at, name, strlen(name)) ? name : event));
	if (!closed)
		hint_tracepoint(k, diag, spelled);
	diag_done(c->ctx, diag);
	return closed ? BCC_ERR_PRIVILEGE : BCC_ERR_COMPILE;
}

/* --- the answers --- */

int answer_kernel(struct compile *c, struct kernel **out)
{
	if (!c->tree)
		return context_kernel(c->ctx, out);
	*out = c->tree_kernel;
	if (c->tree_kernel)
		return 0;
	return diag_fail(c->ctx, BCC_ERR_COMPILER, "compiler",
			 "the compiler made no types of the kernel headers");
}

static void cannot_read_types(struct compile *c)
{
	const char *why = c->own_error == -EINVAL ? "this is no BTF" : bcc_strerror(c->own_error);

	if (c->ctx->btf_path)
		diag_fail_hint(c->ctx, c->own_error, "kernel",
			       "give raw BTF, as /sys/kernel/btf/vmlinux is, or an ELF file with a "
			       "section .BTF, such as vmlinux",
			       "the kernel's types cannot be read from %s: %s", c->ctx->btf_path, why);
	else
		diag_fail(c->ctx, c->own_error, "kernel", "the kernel's types cannot be read: %s", why);
}

/* Makes the header that the request needs, or sets own_error. */
static char *make_header(struct compile *c, const struct types_request *rq)
{
	struct types_reply reply = { 0 };
	char *header = NULL;
	struct kernel *k;

	c->own_error = answer_kernel(c, &k);
	if (c->own_error)
		return NULL;
	c->own_error = kernel_types(k, rq, &reply);
	if (c->own_error) {
		cannot_read_types(c);
		return NULL;
	}
	/* A privilege that lacks is said once. */
	for (char **name = reply.missing;
	     name && *name && c->own_error != BCC_ERR_PRIVILEGE; name++)
		c->own_error = report_missing(c, k, *name);
	if (!c->own_error) {
		header = reply.header;
		reply.header = NULL;
	}
	types_reply_free(&reply);
	return header;
}

int answer_types(struct compile *c, struct payload *p)
{
	struct types_request rq = { .portable = c->rq->portable };
	char *header = NULL;
	int err = -EPROTO;

	rq.names = payload_strings(p, &rq.n_names);
	rq.own = payload_strings(p, &rq.n_own);
	rq.tracepoints = payload_strings(p, &rq.n_tracepoints);
	if (payload_end(p)) {
		header = make_header(c, &rq);
		err = send_answer(c, header);
	}
	free(header);
	free((void *)rq.names);
	free((void *)rq.own);
	free((void *)rq.tracepoints);
	return err;
}

int answer_near(struct compile *c, struct payload *p)
{
	uint32_t what = payload_u32(p);
	const char *record = payload_string(p);
	const char *name = payload_string(p);
	struct kernel *k;
	char *near;
	int err;

	if (!payload_end(p) || !name)
		return -EPROTO;
	if (what == NEAR_MEMBERS ? !record : what > KERNEL_STRUCTS)
		return -EPROTO;
	c->own_error = answer_kernel(c, &k);
	if (c->own_error)
		return send_answer(c, NULL);
	if (what == NEAR_MEMBERS)
		near = kernel_near_members(k, record, name, NEAR_MAX);
	else
		near = kernel_near(k, (enum kernel_names)what, name, NEAR_MAX);
	if (!near)
		c->own_error = diag_fail(c->ctx, -ENOMEM, "memory", "out of memory");
	/* "" is an answer too: it has a NUL, while none has no bytes. */
	err = send_answer(c, near);
	free(near);
	return err;
}
