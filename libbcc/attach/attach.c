/*
 * Attaching: the alternatives of a hook string in order, for each of them load, then attach. Every
 * alternative is parsed before the first is tried, so a typing error never hides behind a working
 * one. What failed before an alternative worked leaves no diagnostics; when none works, one
 * diagnostic collects the reasons.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/attach.h"
#include "context/diag.h"

/* Loads for a hook. -ESRCH from the load: the target it is bound to does not exist. */
static int load_for(struct hook *h, const struct load_spec *spec, struct program_load **load)
{
	int err = program_load_as(h->prog, spec, load);

	return err == -ESRCH && spec->target ? hook_missing(h) : err;
}

static int attach_once(struct hook *h, const struct load_spec *spec, struct attachment *a)
{
	struct program_load *load;
	int err = load_for(h, spec, &load);

	return err ? err : h->kind->attach(h, load, a);
}

/* Whether an error means "not as this kind of program", for a kind that wants to know that. */
static bool is_refusal(const struct hook *h, int err)
{
	return h->kind->after_refusal &&
	       (err == BCC_ERR_KERNEL || err == BCC_ERR_NO_HOOK || err == -EINVAL);
}

/* What was said since mark is dropped when there is another way. The error of that way. */
static int attach_otherwise(struct hook *h, size_t mark, int first, struct load_spec *spec,
			    struct attachment *a)
{
	size_t end = bcc_diag_count(h->ctx);
	int err;

	load_spec_free(spec);
	err = h->kind->fallback(h, spec);
	if (err == -EOPNOTSUPP)
		return first;
	diag_drop(h->ctx, mark, end);
	if (!err)
		err = attach_once(h, spec, a);
	/* What the text has no counterpart for, the kernel cannot do: the next hook may. */
	return err == BCC_ERR_COMPILE ? BCC_ERR_KERNEL : err;
}

static int attach_one(struct hook *h, struct bcc_link **out)
{
	struct load_spec spec = { 0 };
	struct attachment a = { 0 };
	struct bcc_link *link;
	size_t mark = bcc_diag_count(h->ctx);
	int err;

	err = h->kind->prepare(h, &spec);
	if (!err) {
		err = attach_once(h, &spec, &a);
		if (h->kind->fallback && (err == -EOPNOTSUPP || is_refusal(h, err)))
			err = attach_otherwise(h, mark, err, &spec, &a);
	}
	if (!err && spec.lead)
		attachment_why(&a, "%s", spec.lead);
	load_spec_free(&spec);
	if (err)
		return err;
	link = link_new(h, &a);
	if (!link) {
		attachment_destroy(&a);
		return diag_fail(h->ctx, -ENOMEM, "memory", "out of memory");
	}
	*out = link;
	return 0;
}

/* Whether an error means "not on this kernel", so that the next alternative may do. */
static bool try_next(int err)
{
	return err == BCC_ERR_NO_HOOK || err == BCC_ERR_KERNEL;
}

/* One diagnostic out of those since mark: a line for each alternative, which are in their order. */
static int all_failed(struct bcc_program *prog, const char *hook, size_t mark, int err)
{
	struct bcc_context *ctx = prog->mod->ctx;
	struct bcc_diag *diag;
	char *log = NULL;
	size_t size;
	FILE *out = open_memstream(&log, &size);

	for (size_t i = mark; out && i < bcc_diag_count(ctx); i++) {
		const struct bcc_diag *d = bcc_diag_get(ctx, i);

		fprintf(out, "%s%s", i > mark ? "\n" : "", bcc_diag_message(d));
		if (bcc_diag_hint(d))
			fprintf(out, "; %s", bcc_diag_hint(d));
	}
	if (out)
		fclose(out);
	diag_release(ctx, mark, false);
	diag = diag_add(ctx, BCC_ERROR, err == BCC_ERR_NO_HOOK ? "no-hook" : "hook",
			"program '%s' cannot be attached to any of %s", prog->name, hook);
	diag_log(diag, log);
	diag_hint(diag, "add an alternative that this kernel has");
	diag_done(ctx, diag);
	free(log);
	return err;
}

static int attach_alternatives(struct hook *hooks, size_t n, const char *text,
			       struct bcc_link **out)
{
	struct bcc_context *ctx = hooks->ctx;
	size_t mark = diag_hold(ctx), warned;
	int err = 0, result = BCC_ERR_NO_HOOK;

	for (size_t i = 0; i < n; i++) {
		warned = bcc_diag_count(ctx);
		err = attach_one(&hooks[i], out);
		if (!err || !try_next(err))
			break;
		if (err != BCC_ERR_NO_HOOK)
			result = err;
	}
	if (err && try_next(err) && n > 1)
		return all_failed(hooks->prog, text, mark, result);
	/* What the alternatives before the decisive one said is of no interest. */
	if (n > 1)
		diag_drop(ctx, mark, warned);
	diag_release(ctx, mark, true);
	return err;
}

int attach_program(struct bcc_program *prog, const char *text, const struct bcc_attach_opts *opts,
		   struct bcc_link **out)
{
	struct timings_span span = timings_begin(prog->mod);
	struct hook *hooks = NULL, *grown;
	const char *part = text;
	size_t n = 0;
	int err;

	do {
		size_t size = strcspn(part, "|");

		grown = realloc(hooks, (n + 1) * sizeof(*hooks));
		if (!grown) {
			err = diag_fail(prog->mod->ctx, -ENOMEM, "memory", "out of memory");
			goto out;
		}
		hooks = grown;
		err = hook_parse(prog, part, size, opts, &hooks[n]);
		if (err)
			goto out;
		n++;
		part += size;
	} while (*part++);

	err = attach_alternatives(hooks, n, text, out);
out:
	while (n)
		hook_free(&hooks[--n]);
	free(hooks);
	timings_end_attach(prog->mod, span);
	return err;
}

int attach_load_for(struct bcc_program *prog, const char *hook, const struct bcc_attach_opts *opts,
		    struct program_load **out)
{
	struct load_spec spec = { 0 };
	struct hook h;
	int err;

	if (!hook)
		hook = prog->hook;
	if (!hook) {
		spec.type = bpf_program__type(prog->bp);
		spec.expected = bpf_program__expected_attach_type(prog->bp);
		return program_load_as(prog, &spec, out);
	}
	err = hook_parse(prog, hook, strlen(hook), opts, &h);
	if (err)
		return err;
	err = h.kind->prepare(&h, &spec);
	if (!err)
		err = load_for(&h, &spec, out);
	load_spec_free(&spec);
	hook_free(&h);
	return err;
}

int attach_load(struct bcc_program *prog)
{
	static const struct bcc_attach_opts opts = { .size = sizeof(opts) };
	struct program_load *load;
	struct load_spec spec = {
		.type = bpf_program__type(prog->bp),
		.expected = bpf_program__expected_attach_type(prog->bp),
	};

	/* A probe is verified as such everywhere, also where none can be attached. */
	if (spec.type == BPF_PROG_TYPE_KPROBE)
		return program_load_as(prog, &spec, &load);
	return attach_load_for(prog, NULL, &opts, &load);
}
