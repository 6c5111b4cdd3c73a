/*
 * fentry, fexit and fmod_ret: [MODULE:]FUNCTION. The kernel binds such a program to its function when
 * it is loaded, so attaching has nothing left to name.
 *
 * A program that was written as a kprobe is compiled anew for these: its context is another one. The
 * other way round, a function that BTF does not describe, or a kernel without trampolines, makes a
 * kprobe of an fentry program (fentry_instead.c).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "attach/fentry.h"
#include "attach/perf_event.h"

#define ENOTSUPP 524 /* the kernel's own, in no header */

/* "PROG=fentry:FN" or "PROG=fexit:FN:NARGS", see compile/compile.h. */
int fentry_retarget(struct hook *h, const char *function, bool ret, struct load_spec *spec)
{
	struct kernel *k;
	int err, args = 0;

	err = context_kernel(h->ctx, &k);
	if (err)
		return err;
	if (ret) {
		args = kernel_function_args(k, function);
		if (args < 0)
			return hook_missing(h);
	}
	err = ret ? asprintf(&spec->retarget, "%s=fexit:%s:%d", h->prog->name, function, args) :
		     asprintf(&spec->retarget, "%s=fentry:%s", h->prog->name, function);
	if (err < 0) {
		spec->retarget = NULL;
		return diag_fail(h->ctx, -ENOMEM, "memory", "out of memory");
	}
	return 0;
}

int fentry_parse(struct hook *h)
{
	const char *colon = strchr(h->arg, ':');

	if (colon) {
		if (colon == h->arg)
			return -EINVAL;
		h->group = strndup(h->arg, colon - h->arg);
		if (!h->group)
			return -ENOMEM;
		/* It becomes a part of a path. */
		if (strpbrk(h->group, "/. \t\n"))
			return -EINVAL;
		h->arg += strlen(h->group) + 1;
	}
	return hook_parse_name(h);
}

/* The module that is named must be there, and tell its types. */
static int check_module(struct hook *h)
{
	char path[300];

	if (!h->group)
		return 0;
	snprintf(path, sizeof(path), "/sys/kernel/btf/%.200s", h->group);
	if (!access(path, F_OK))
		return 0;
	snprintf(path, sizeof(path), "/sys/module/%.200s", h->group);
	if (access(path, F_OK))
		return diag_fail_hint(h->ctx, BCC_ERR_NO_HOOK, "no-hook", "load it: modprobe MODULE",
				      "the kernel has no module '%s' loaded", h->group);
	return diag_fail_hint(h->ctx, BCC_ERR_KERNEL, "no-btf",
			      "use a kprobe hook; types of modules need Linux 5.11 and "
			      "CONFIG_DEBUG_INFO_BTF_MODULES",
			      "module '%s' does not tell its types", h->group);
}

static enum bpf_attach_type attach_type(const struct hook *h)
{
	if (h->kind == &hook_fmod_ret)
		return BPF_MODIFY_RETURN;
	return h->kind == &hook_fexit ? BPF_TRACE_FEXIT : BPF_TRACE_FENTRY;
}

static int prepare(struct hook *h, struct load_spec *spec)
{
	enum bpf_attach_type type = attach_type(h);
	int err = check_module(h);

	if (err)
		return err;
	if (bpf_program__type(h->prog->bp) == BPF_PROG_TYPE_KPROBE && type != BPF_MODIFY_RETURN &&
	    *h->prog->mod->text)
		err = fentry_retarget(h, h->name, type == BPF_TRACE_FEXIT, spec);
	return err ? err : spec_set(h, spec, BPF_PROG_TYPE_TRACING, type, h->name);
}

static const char *mechanism(const struct program_load *load)
{
	switch (load->expected) {
	case BPF_TRACE_FENTRY:
		return "fentry link";
	case BPF_TRACE_FEXIT:
		return "fexit link";
	case BPF_MODIFY_RETURN:
		return "fmod_ret link";
	case BPF_LSM_MAC:
		return "lsm link";
	default:
		return "tp_btf link";
	}
}

/* A name may be in the kernel and in more than one module: that it is the right one is seen when the
 * program is in the kernel, which says what it has been bound to (5.16). */
static int check_bound(struct hook *h, const struct program_load *load)
{
	struct bpf_prog_info info = { 0 };
	struct bpf_btf_info btf = { 0 };
	uint32_t size = sizeof(info);
	char name[64] = "";
	int fd;

	if (!h->group || bpf_obj_get_info_by_fd(load->fd, &info, &size) || !info.attach_btf_obj_id)
		return 0;
	fd = bpf_btf_get_fd_by_id(info.attach_btf_obj_id);
	if (fd < 0)
		return 0;
	btf.name = (uintptr_t)name;
	btf.name_len = sizeof(name);
	size = sizeof(btf);
	if (bpf_obj_get_info_by_fd(fd, &btf, &size))
		name[0] = '\0';
	close(fd);
	if (!*name || !strcmp(name, h->group))
		return 0;
	return diag_fail_hint(h->ctx, BCC_ERR_KERNEL, "module", "use kprobe:FUNCTION",
			      "%s has a function '%s', too, and is found before module %s", name,
			      h->name, h->group);
}

int trace_attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .tracing.cookie = h->opts.cookie);
	int fd, err = check_bound(h, load);

	if (err)
		return err;
	/* Without options libbpf falls back to the older call where links are not known. */
	fd = bpf_link_create(load->fd, 0, load->expected, h->opts.cookie ? &opts : NULL);
	if (fd == -ENOTSUPP) {
		h->flag = true;
		return diag_fail(
			h->ctx, BCC_ERR_KERNEL, "refused",
			"this kernel cannot attach program '%s' to %s: it has no trampolines "
			"for its functions",
			h->prog->name, h->text);
	}
	return fd < 0 ? hook_failed(h, fd, NULL) : attachment_link(h, out, fd, mechanism(load));
}

static int attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	return load->type == BPF_PROG_TYPE_KPROBE ? fentry_attach_kprobe(h, load, out) :
						    trace_attach(h, load, out);
}

const struct hook_kind hook_fentry = {
	.name = "fentry",
	.form = "fentry:[MODULE:]FUNCTION",
	.what = "function",
	.names = KERNEL_FUNCTIONS,
	.sleepable = true,
	.parse = fentry_parse,
	.prepare = prepare,
	.attach = attach,
	.fallback = fentry_as_kprobe,
	.after_refusal = true,
};

const struct hook_kind hook_fexit = {
	.name = "fexit",
	.form = "fexit:[MODULE:]FUNCTION",
	.what = "function",
	.names = KERNEL_FUNCTIONS,
	.sleepable = true,
	.parse = fentry_parse,
	.prepare = prepare,
	.attach = attach,
	.fallback = fentry_as_kprobe,
	.after_refusal = true,
};

const struct hook_kind hook_fmod_ret = {
	.name = "fmod_ret",
	.form = "fmod_ret:[MODULE:]FUNCTION",
	.what = "function",
	.names = KERNEL_FUNCTIONS,
	.sleepable = true,
	.parse = fentry_parse,
	.prepare = prepare,
	.attach = trace_attach,
};
