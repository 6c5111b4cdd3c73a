/*
 * bcc_hooks_list(): takes the glob apart, asks each kind of hook that its first part matches, and
 * hands out what they find. Kinds without a file here are listed as they are written, so a new kind of
 * attach/ appears by itself.
 */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/hook.h"
#include "list/list.h"

static const struct list_kind kinds[] = {
	{ "tracepoint", list_tracepoints, false },
	{ "raw_tp", list_raw_tracepoints, false },
	{ "tp_btf", list_raw_tracepoints, false },
	{ "kprobe", list_kprobes, false },
	{ "kretprobe", list_kprobes, false },
	{ "ksyscall", list_syscalls, false },
	{ "kretsyscall", list_syscalls, false },
	{ "fentry", list_trampolines, false },
	{ "fexit", list_trampolines, false },
	{ "uprobe", list_uprobes, true },
	{ "uretprobe", list_uprobes, true },
	{ "usdt", list_usdt, true },
	{ "perf", list_perf, false },
	{ "iter", list_iterators, false },
	{ "lsm", list_lsm, false },
};

#define N_KINDS (sizeof(kinds) / sizeof(*kinds))

void bcc_list_opts_init(struct bcc_list_opts *opts)
{
	*opts = (struct bcc_list_opts){ .size = sizeof(*opts) };
}

bool list_wants(const struct listing *l, const char *rest)
{
	const char *last;

	if (glob_match(l->glob, rest))
		return true;
	last = strchr(l->glob, ':') ? NULL : strrchr(rest, ':');
	return last && glob_match(l->glob, last + 1);
}

int list_emit_hook(struct listing *l, const char *hook, const char *module, const char *note,
		   struct hook_args *args)
{
	const struct bcc_hook_info info = {
		.hook = hook,
		.kind = l->kind->name,
		.module = module,
		.note = note,
		.args = args ? args->list : NULL,
		.n_args = args ? args->n : 0,
		.args_known = args && args->known,
		.result = args ? args->result : NULL,
	};
	bool failed = args && args->failed;
	int err = failed ? diag_fail(l->ctx, -ENOMEM, "memory", "out of memory") : 0;

	if (!failed) {
		err = l->fn(l->data, &info);
		l->count++;
	}
	if (args)
		args_free(args);
	return err;
}

int list_emit(struct listing *l, const char *rest, const char *module, const char *note,
	      struct hook_args *args)
{
	struct ktext hook = { 0 };
	int err;

	ktext_printf(&hook, "%s:%s", l->kind->name, rest);
	if (hook.failed && args)
		args->failed = true;
	err = list_emit_hook(l, hook.data ? hook.data : "", module, note, args);
	ktext_free(&hook);
	return err;
}

void list_note(struct listing *l, const char *code, const char *fmt, ...)
{
	va_list values;
	char *text;
	int n;

	va_start(values, fmt);
	n = vasprintf(&text, fmt, values);
	va_end(values);
	if (n < 0)
		return;
	diag_done(l->ctx, diag_add(l->ctx, BCC_NOTE, code, "%s", text));
	free(text);
}

static bool is_listed(const char *name)
{
	for (size_t i = 0; i < N_KINDS; i++)
		if (!strcmp(kinds[i].name, name))
			return true;
	return false;
}

/* The kinds that only say how they are written. */
static int list_forms(struct listing *l, const char *kind_glob, bool *any)
{
	const struct hook_kind *kind;
	int err = 0;

	for (size_t i = 0; !err && (kind = hook_kind_at(i)); i++) {
		const struct list_kind plain = { .name = kind->name };
		const char *rest = strchr(kind->form, ':');

		if (is_listed(kind->name) || !glob_match(kind_glob, kind->name))
			continue;
		*any = true;
		l->kind = &plain;
		if (list_wants(l, rest ? rest + 1 : ""))
			err = list_emit_hook(l, kind->form, NULL, NULL, NULL);
	}
	return err;
}

static int no_such_kind(struct bcc_context *ctx, const char *kind)
{
	const struct hook_kind *other;
	struct ktext names = { 0 };
	int err;

	for (size_t i = 0; i < N_KINDS; i++)
		ktext_printf(&names, "%s%s", i ? ", " : "", kinds[i].name);
	for (size_t i = 0; (other = hook_kind_at(i)); i++)
		if (!is_listed(other->name))
			ktext_printf(&names, ", %s", other->name);
	err = diag_fail_hint(ctx, -EINVAL, "list", names.data, "there is no kind of hook '%s'", kind);
	ktext_free(&names);
	return err;
}

static int list_all(struct listing *l, const char *kind_glob)
{
	bool any = false, wild = strpbrk(kind_glob, "*?");
	int err = 0;

	l->named = !wild || strspn(kind_glob, "*") != strlen(kind_glob);
	for (size_t i = 0; !err && i < N_KINDS; i++) {
		if (!glob_match(kind_glob, kinds[i].name))
			continue;
		any = true;
		/* "*:*read*" names no binary; "u*:c:*read*" does. */
		if (kinds[i].of_binaries && wild && (!strchr(l->glob, ':') || *l->glob == '*'))
			continue;
		l->kind = &kinds[i];
		err = kinds[i].list(l);
	}
	if (!err)
		err = list_forms(l, kind_glob, &any);
	return err || any ? err : no_such_kind(l->ctx, kind_glob);
}

static int start(struct listing *l, const char *glob)
{
	const char *colon = strchr(glob, ':');
	char *kind = colon ? strndup(glob, (size_t)(colon - glob)) : strdup("*");
	int err;

	if (!kind)
		return diag_fail(l->ctx, -ENOMEM, "memory", "out of memory");
	l->glob = colon ? colon + 1 : glob;
	if (!*glob || !*l->glob)
		err = diag_fail_hint(l->ctx, -EINVAL, "list",
				     "write it like kprobe:tcp_*, tracepoint:sched:* or *:*sleep*",
				     "'%s' is no glob of hooks", glob);
	else
		err = list_all(l, kind);
	free(kind);
	return err;
}

static int run(struct listing *l, const char *glob)
{
	int err = context_kernel(l->ctx, &l->kernel);

	if (!err)
		err = start(l, glob);
	functions_free(l->functions);
	return err < 0 ? err : l->count;
}

int list_run(struct bcc_context *ctx, const char *glob, int pid, bcc_hook_fn fn, void *data)
{
	struct listing l = { .ctx = ctx, .pid = pid, .fn = fn, .data = data };

	return run(&l, glob);
}

int bcc_hooks_list(struct bcc_context *ctx, const char *glob, const struct bcc_list_opts *opts,
		   bcc_hook_fn fn, void *data)
{
	struct listing l = { .ctx = ctx, .fn = fn, .data = data };
	struct bcc_list_opts o;
	int err;

	if (!ctx || !glob || !fn)
		return -EINVAL;
	diag_clear(ctx);
	err = context_read_opts(opts, &o, sizeof(o));
	if (err || o.pid < 0)
		return diag_fail(ctx, -EINVAL, "options",
				 "struct bcc_list_opts is malformed: its size is wrong, or it sets "
				 "what this library does not know");
	l.args = o.args;
	l.pid = o.pid;
	return run(&l, glob);
}
