/*
 * What stands in for fentry and fexit where the kernel has no trampolines or does not describe the
 * function in its BTF: the same program compiled as kprobe or kretprobe. Arguments are then taken out
 * of registers, and pointers followed by reads that may fail instead of by the verifier.
 *
 * A kretprobe has the return value only: an fexit program that uses arguments, too, is refused by the
 * compiler, which says so. Programs that may sleep, and fmod_ret, have no counterpart.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/fentry.h"
#include "attach/kprobe.h"

bool fentry_is_return(const struct hook *h)
{
	return h->kind == &hook_fexit;
}

/* Whether the program can be one: -EOPNOTSUPP if not, and the first failure stands. */
static int check_possible(struct hook *h, struct kernel *k)
{
	const char *section = h->prog->section;

	if (h->sleepable || strstr(section, ".s/") || !kernel_has_kprobes(k))
		return -EOPNOTSUPP;
	if (bpf_program__type(h->prog->bp) == BPF_PROG_TYPE_KPROBE)
		return 0;
	return *h->prog->mod->text ? 0 : -EOPNOTSUPP;
}

/* "PROG=kprobe:FN" or "PROG=kretprobe:FN:NARGS", see compile/compile.h. */
static int retarget(struct hook *h, int args, struct load_spec *spec)
{
	int n;

	if (fentry_is_return(h))
		n = asprintf(&spec->retarget, "%s=kretprobe:%s:%d", h->prog->name, h->name, args);
	else
		n = asprintf(&spec->retarget, "%s=kprobe:%s", h->prog->name, h->name);
	if (n >= 0)
		return 0;
	spec->retarget = NULL;
	return diag_fail(h->ctx, -ENOMEM, "memory", "out of memory");
}

/* Why it is no fentry program, in a few words. */
static const char *reason(const struct hook *h, int args)
{
	if (args < 0)
		return "the kernel's BTF does not describe this function";
	return h->flag ? "this kernel has no trampolines" :
			 "this kernel refuses programs for trampolines";
}

int fentry_as_kprobe(struct hook *h, struct load_spec *spec)
{
	struct kernel *k;
	int args, err = context_kernel(h->ctx, &k);

	if (!err)
		err = check_possible(h, k);
	if (err)
		return err;
	args = kernel_function_args(k, h->name);
	if (args < 0 && !h->group && !kprobe_has_symbol(h->name))
		return -EOPNOTSUPP;
	if (bpf_program__type(h->prog->bp) != BPF_PROG_TYPE_KPROBE) {
		/* Where the return value is among the words only the function's type tells. */
		if (args < 0 && fentry_is_return(h))
			return -EOPNOTSUPP;
		err = retarget(h, args, spec);
	}
	if (err)
		return err;
	spec->lead = strdup(reason(h, args));
	if (!spec->lead)
		return diag_fail(h->ctx, -ENOMEM, "memory", "out of memory");
	return spec_set(h, spec, BPF_PROG_TYPE_KPROBE, 0, NULL);
}

int fentry_attach_kprobe(struct hook *h, const struct program_load *load, struct attachment *out)
{
	const char *why;
	struct kernel *k;
	char *name;
	int err = context_kernel(h->ctx, &k);

	if (err)
		return err;
	why = reason(h, kernel_function_args(k, h->name));
	if (h->group) {
		if (asprintf(&name, "%s:%s", h->group, h->name) < 0)
			return diag_fail(h->ctx, -ENOMEM, "memory", "out of memory");
		free(h->name);
		h->name = name;
	}
	err = kprobe_attach(h, load, out);
	if (!err)
		attachment_why(out, "%s: %s", fentry_is_return(h) ? "kretprobe" : "kprobe", why);
	return err;
}
