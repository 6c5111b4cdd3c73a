/*
 * lsm:HOOK, a hook of the security modules: the program may refuse what is asked for. Such a program
 * attaches on any kernel that has the hooks, but runs only when "bpf" is among the active security
 * modules; a link that could never fire is an error here.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "attach/perf_event.h"

#define ACTIVE "/sys/kernel/security/lsm"

/* 1: BPF is among the active modules, 0: it is not; -ENOENT: nobody says so. */
static int is_active(void)
{
	char list[512], *rest = list, *name;
	int n = read_small_file(ACTIVE, list, sizeof(list));

	if (n < 0)
		return n;
	while ((name = strsep(&rest, ",")))
		if (!strcmp(name, "bpf"))
			return 1;
	return 0;
}

static int prepare(struct hook *h, struct load_spec *spec)
{
	char function[160];
	struct kernel *k;
	int err = context_kernel(h->ctx, &k);

	if (err)
		return err;
	snprintf(function, sizeof(function), "bpf_lsm_%.140s", h->name);
	if (!kernel_has_function(k, "bpf_lsm_file_open"))
		return diag_fail_hint(h->ctx, BCC_ERR_KERNEL, "no-lsm",
				      "it needs Linux 5.7 and CONFIG_BPF_LSM",
				      "this kernel has no security hooks for programs");
	if (!kernel_has_function(k, function))
		return hook_missing(h);
	if (!is_active())
		return diag_fail_hint(h->ctx, BCC_ERR_KERNEL, "no-lsm",
				      "boot with lsm=...,bpf: the names in " ACTIVE " and bpf",
				      "programs on %s would never run: bpf is not among the active "
				      "security modules", h->text);
	return spec_set(h, spec, BPF_PROG_TYPE_LSM, BPF_LSM_MAC, h->name);
}

const struct hook_kind hook_lsm = {
	.name = "lsm",
	.form = "lsm:HOOK",
	.what = "security hook",
	.names = KERNEL_LSM_HOOKS,
	.sleepable = true,
	.parse = hook_parse_name,
	.prepare = prepare,
	.attach = trace_attach,
};
