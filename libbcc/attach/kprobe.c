/*
 * kprobe, kretprobe, ksyscall and kretsyscall: any instruction of a kernel function, or its return.
 * A single function goes through the kernel's kprobe event source (4.17), a glob through one link of
 * many (5.18) or one by one, maxactive through tracefs.
 *
 * On a kernel without kprobes the program is compiled anew as fentry or fexit and bound to the same
 * function. When the kernel takes that neither, the diagnostic names the tracepoints that are near.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kprobe.h"
#include "attach/perf_event.h"
#include "attach/syscall_name.h"

bool kprobe_is_return(const struct hook *h)
{
	return h->kind == &hook_kretprobe || h->kind == &hook_kretsyscall ||
	       h->kind == &hook_fexit;
}

static bool is_syscall(const struct hook *h)
{
	return h->kind == &hook_ksyscall || h->kind == &hook_kretsyscall;
}

/* ":maxactive=N" at the end: how many calls of a function may be under way at once. */
static int cut_maxactive(struct hook *h)
{
	char *option = strchr(h->arg, ':');

	if (!option)
		return 0;
	if (!kprobe_is_return(h) || strncmp(option, ":maxactive=", 11) ||
	    !hook_parse_number(option + 11, &h->number) || !h->number || h->number > 4096)
		return -EINVAL;
	h->name = strndup(h->arg, (size_t)(option - h->arg));
	return h->name ? 1 : -ENOMEM;
}

static int parse(struct hook *h)
{
	int err = cut_maxactive(h);

	if (!err)
		err = hook_parse_offset(h, h->arg);
	if (err < 0)
		return err;
	if (!*h->name || strpbrk(h->name, " \t:/+"))
		return -EINVAL;
	if (!strchr(h->arg, ':') && h->number && h->kind != &hook_kprobe)
		return -EINVAL;
	h->is_glob = is_glob(h->name);
	return h->is_glob && (h->number || is_syscall(h)) ? -EINVAL : 0;
}

/* kprobe:sys_NAME, as older kernels called the function. */
static int old_syscall(struct hook *h, struct kernel *k)
{
	char *function;

	if (strncmp(h->name, "sys_", 4) || kernel_has_function(k, h->name))
		return 0;
	function = syscall_function(k, h->name + 4);
	if (!function || !strcmp(function, h->name)) {
		free(function);
		return 0;
	}
	diag_done(h->ctx, diag_add(h->ctx, BCC_WARNING, "syscall",
				   "%s is %s on this kernel: its arguments are in the registers that "
				   "its first one points to (PT_REGS_SYSCALL_CTX)", h->name, function));
	free(h->name);
	h->name = function;
	return 0;
}

/* Turns the name of a system call into its function's. */
static int find_function(struct hook *h, struct kernel *k)
{
	char *function;

	if (h->flag || h->is_glob)
		return 0;
	h->flag = true; /* done */
	if (!is_syscall(h))
		return old_syscall(h, k);
	function = syscall_function(k, h->name);
	if (!function)
		return hook_missing(h);
	free(h->name);
	h->name = function;
	return 0;
}

static int prepare(struct hook *h, struct load_spec *spec)
{
	struct kernel *k;
	int err;

	err = context_kernel(h->ctx, &k);
	if (!err)
		err = find_function(h, k);
	if (err)
		return err;
	if (!kernel_has_kprobes(k))
		return kprobe_as_fentry(h, k, spec);
	if (kernel_tracefs(k) && !h->ctx->swept) {
		legacy_sweep(kernel_tracefs(k));
		h->ctx->swept = true;
	}
	return spec_set(h, spec, BPF_PROG_TYPE_KPROBE, h->is_glob ? KPROBE_MULTI : 0, NULL);
}

/* After a glob that the kernel cannot take as one link: one by one. Else without kprobes. */
static int fallback(struct hook *h, struct load_spec *spec)
{
	struct kernel *k;
	int err = context_kernel(h->ctx, &k);

	if (err)
		return err;
	if (h->is_glob && perf_source_type("kprobe") >= 0)
		return spec_set(h, spec, BPF_PROG_TYPE_KPROBE, 0, NULL);
	return kprobe_as_fentry(h, k, spec);
}

static int open_probe(struct hook *h, const char *function)
{
	struct perf_event_attr attr = { .sample_period = 1, .wakeup_events = 1 };
	int type = perf_source_type("kprobe");

	if (type < 0)
		return type;
	attr.type = (uint32_t)type;
	attr.config = kprobe_is_return(h) ? perf_source_return_bit("kprobe") : 0;
	attr.kprobe_func = (uintptr_t)function;
	attr.probe_offset = kprobe_is_return(h) ? 0 : h->number;
	return perf_open(&attr, -1, 0);
}

static int open_one(struct hook *h, void *data, size_t i)
{
	const struct glob_names *names = data;

	return open_probe(h, names->list[i]);
}

static bool skip(int err)
{
	return err == -ENOENT || err == -EINVAL || err == -EILSEQ || err == -EADDRNOTAVAIL ||
	       err == -EBUSY;
}

static int attach_each(struct hook *h, const struct program_load *load, struct glob_names *names,
		       struct attachment *out, const char *why)
{
	struct perf_many many = { .n = names->n, .open = open_one, .skip = skip, .data = names };
	int err = perf_attach_many(h, load, &many, out);

	if (!err)
		attachment_why(out, "%s; %zu functions, %zu could not be probed", why,
			       names->n - many.skipped, many.skipped);
	return err;
}

/* -EOPNOTSUPP: the kernel has no links of many, or knows of a name that it cannot take. */
static int attach_multi(struct hook *h, const struct program_load *load,
			const struct glob_names *names, struct attachment *out)
{
	int fd = kprobe_multi_link(h, load->fd, names);

	if (fd == -EPERM || fd == -ENOMEM)
		return hook_failed(h, fd, NULL);
	if (fd < 0)
		return -EOPNOTSUPP;
	fd = attachment_link(h, out, fd, "kprobe multi link");
	if (!fd)
		attachment_why(out, "%zu functions in one link", names->n);
	return fd;
}

static int attach_glob(struct hook *h, const struct program_load *load, struct attachment *out)
{
	bool multi = load->expected == KPROBE_MULTI;
	struct glob_names names;
	int err = glob_expand(h, "kprobe", multi ? 0 : GLOB_MAX, &names);

	if (!err && multi)
		err = attach_multi(h, load, &names, out);
	else if (!err)
		err = attach_each(h, load, &names, out,
				  "one by one: the kernel takes these in no link of many (Linux 5.18, "
				  "CONFIG_FPROBE)");
	glob_free(&names);
	return err;
}

/* There is no function of this name: what the compiler made of it, or why there is none. */
static int attach_variants(struct hook *h, const struct program_load *load, struct attachment *out)
{
	struct glob_names names;
	int err = kprobe_variants(h->name, &names);

	if (err)
		return hook_failed(h, err, NULL);
	if (!names.n || h->number)
		err = kprobe_impossible(h, h->name, -ENOENT);
	else
		err = attach_each(h, load, &names, out, "the compiler renamed the function and may "
				  "have changed its arguments");
	glob_free(&names);
	return err;
}

int kprobe_attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	int fd;

	if (load->type == BPF_PROG_TYPE_TRACING)
		return trace_attach(h, load, out);
	if (h->is_glob)
		return attach_glob(h, load, out);
	if (h->number && kprobe_is_return(h))
		return legacy_attach(h, load, out);
	if (perf_source_type("kprobe") == -ENOENT)
		return legacy_works(h) ? legacy_attach(h, load, out) : -EOPNOTSUPP;
	fd = open_probe(h, h->name);
	switch (fd) {
	case -EOPNOTSUPP:
	case -ENODEV:
		return -EOPNOTSUPP;
	case -ENOENT:
		return attach_variants(h, load, out);
	case -EINVAL:
	case -EILSEQ:
	case -EADDRNOTAVAIL:
		return kprobe_impossible(h, h->name, fd);
	}
	return fd < 0 ? hook_failed(h, fd, NULL) : perf_attach_single(h, load, fd, out);
}

const struct hook_kind hook_kprobe = {
	.name = "kprobe",
	.form = "kprobe:FUNCTION[+OFFSET]",
	.what = "function",
	.names = KERNEL_FUNCTIONS,
	.parse = parse,
	.prepare = prepare,
	.attach = kprobe_attach,
	.fallback = fallback,
};

const struct hook_kind hook_kretprobe = {
	.name = "kretprobe",
	.form = "kretprobe:FUNCTION[:maxactive=N]",
	.what = "function",
	.names = KERNEL_FUNCTIONS,
	.parse = parse,
	.prepare = prepare,
	.attach = kprobe_attach,
	.fallback = fallback,
};

const struct hook_kind hook_ksyscall = {
	.name = "ksyscall",
	.form = "ksyscall:NAME",
	.what = "system call",
	.names = KERNEL_FUNCTIONS,
	.parse = parse,
	.prepare = prepare,
	.attach = kprobe_attach,
	.fallback = fallback,
};

const struct hook_kind hook_kretsyscall = {
	.name = "kretsyscall",
	.form = "kretsyscall:NAME",
	.what = "system call",
	.names = KERNEL_FUNCTIONS,
	.parse = parse,
	.prepare = prepare,
	.attach = kprobe_attach,
	.fallback = fallback,
};
