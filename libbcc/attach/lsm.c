/*
 * lsm:HOOK, a hook of the security modules: the program may refuse what is asked for. Such a program
 * attaches on any kernel that has the hooks, but runs only when "bpf" is among the active security
 * modules; a link that could never fire is an error here.
 */
#include <stdio.h>

#include "attach/lsm.h"
#include "attach/perf_event.h"

int lsm_check(struct hook *h)
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
	if (!kernel_runs_lsm_programs())
		return diag_fail_hint(h->ctx, BCC_ERR_KERNEL, "no-lsm",
				      "boot with lsm=...,bpf: the names in " KERNEL_ACTIVE_LSMS " and bpf",
				      "programs on %s would never run: bpf is not among the active "
				      "security modules", h->text);
	return 0;
}

static int prepare(struct hook *h, struct load_spec *spec)
{
	int err = lsm_check(h);

	return err ? err : spec_set(h, spec, BPF_PROG_TYPE_LSM, BPF_LSM_MAC, h->name);
}

const struct hook_kind hook_lsm = {
	.name = "lsm",
	.form = "lsm:HOOK",
	.what = "LSM hook",
	.names = KERNEL_LSM_HOOKS,
	.sleepable = true,
	.parse = hook_parse_name,
	.prepare = prepare,
	.attach = trace_attach,
};
