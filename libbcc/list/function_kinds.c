/*
 * Hooks on the kernel's functions: kprobe and kretprobe on all that may be probed, fentry and fexit
 * on those of them that BTF describes, ksyscall and kretsyscall on those of system calls. Types come
 * from BTF; for system calls, whose functions all have one argument there, from tracefs.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/internal.h"
#include "list/functions.h"

#define SYSCALL_FIELDS 16 /* the number of the call is before its arguments */

static bool is_return(const struct listing *l)
{
	return !strncmp(l->kind->name, "kret", 4) || !strcmp(l->kind->name, "fexit");
}

static void add_args(struct listing *l, const struct function *f, struct hook_args *args)
{
	const struct kbtf *btf;

	if (l->args && f->btf && !kernel_btf(l->kernel, &btf))
		args_of_proto(args, btf, kbtf_type(btf, f->btf)->type, 0);
}

static void note_barred(struct listing *l, size_t barred)
{
	if (l->named && barred && !l->count)
		list_note(l, "barred", "%zu function%s of this name %s, but the kernel allows no "
			  "probe on %s", barred, barred == 1 ? "" : "s",
			  barred == 1 ? "exists" : "exist", barred == 1 ? "it" : "them");
}

static int list_functions(struct listing *l, struct functions *f, bool only_btf)
{
	size_t barred = 0;
	int err = 0;

	for (size_t i = 0; i < f->n && !err; i++) {
		const struct function *function = &f->list[i];
		struct hook_args args = { 0 };

		if (only_btf && !function->btf)
			continue;
		if (function->barred) {
			barred++;
			continue;
		}
		add_args(l, function, &args);
		err = list_emit(l, function->name, function->module,
				function->several ? "several functions have this name" : NULL, &args);
	}
	if (!err)
		note_barred(l, barred);
	return err;
}

int list_kprobes(struct listing *l)
{
	struct functions *f;
	int err = functions_get(l, &f);

	if (!err && l->args)
		err = functions_add_btf(l, f);
	if (err)
		return err;
	if (l->named && !is_return(l) && !kernel_has_kprobes(l->kernel))
		list_note(l, "no-kprobes", "this kernel has no kprobes: programs for them are "
			  "attached as fentry and fexit, where it allows that");
	return list_functions(l, f, false);
}

int list_trampolines(struct listing *l)
{
	struct functions *f;
	int err = functions_get(l, &f);

	if (!err)
		err = functions_add_btf(l, f);
	return err ? err : list_functions(l, f, true);
}

/* What tracefs says of a system call's arguments. */
static void add_call_args(struct listing *l, const char *call, struct hook_args *args)
{
	const char *tracefs = kernel_tracefs(l->kernel);
	struct ktext path = { 0 };
	char *text;

	if (!l->args || !tracefs)
		return;
	ktext_printf(&path, "%s/events/syscalls/sys_enter_%s/format", tracefs, call);
	text = path.data ? ktext_read_file(path.data, NULL) : NULL;
	ktext_free(&path);
	if (!text)
		return;
	args_of_format(args, text, SYSCALL_FIELDS);
	args->result = strdup("long");
	args->failed |= !args->result;
	free(text);
}

int list_syscalls(struct listing *l)
{
	struct functions *f;
	int err = functions_get(l, &f);

	for (size_t i = 0; !err && i < f->n_calls; i++) {
		struct hook_args args = { 0 };

		add_call_args(l, f->calls[i].name, &args);
		err = list_emit(l, f->calls[i].name, f->calls[i].module, NULL, &args);
	}
	return err;
}
