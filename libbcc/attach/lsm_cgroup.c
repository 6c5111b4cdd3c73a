/*
 * lsm_cgroup:PATH:HOOK, a hook of the security modules for the processes of a cgroup alone. The
 * kernel binds the program to the hook when it is loaded, and to the cgroup when it is attached.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "attach/cgroup.h"
#include "kernel/text.h"

#define PREFIX "bpf_lsm_" /* begins the kernel's functions for these hooks */
#define ACTIVE "/sys/kernel/security/lsm"

/* "bpf_lsm_a, bpf_lsm_b" becomes "a, b"; what is no hook goes. */
static void strip_prefixes(char *names)
{
	char *to = names, *save = NULL;

	for (char *name = strtok_r(names, ", ", &save); name; name = strtok_r(NULL, ", ", &save)) {
		size_t size = strlen(name);

		if (strncmp(name, PREFIX, strlen(PREFIX)))
			continue;
		size -= strlen(PREFIX);
		if (to != names)
			to = stpcpy(to, ", ");
		memmove(to, name + strlen(PREFIX), size + 1);
		to += size;
	}
	*to = '\0';
}

static int check_hook(struct hook *h)
{
	char *function = NULL, *near = NULL;
	struct bcc_diag *diag;
	struct kernel *k;
	int err = context_kernel(h->ctx, &k);

	if (err)
		return err;
	if (asprintf(&function, PREFIX "%s", h->name) < 0)
		return diag_fail(h->ctx, -ENOMEM, "memory", "out of memory");
	if (!kernel_has_function(k, function)) {
		near = kernel_near(k, KERNEL_FUNCTIONS, function, 3);
		if (near)
			strip_prefixes(near);
		diag = diag_add(h->ctx, BCC_ERROR, "no-hook", "this kernel has no LSM hook '%s'",
				h->name);
		if (near && *near)
			diag_hint(diag, "similar names: %s", near);
		diag_done(h->ctx, diag);
		err = BCC_ERR_NO_HOOK;
	}
	free(near);
	free(function);
	return err;
}

/* Without "bpf" among the active modules a program is attached and never called. */
static int check_active(struct hook *h)
{
	char *active = ktext_read_file(ACTIVE, NULL), *save = NULL, *name = NULL;

	if (!active)
		return 0; /* nothing can be told */
	for (name = strtok_r(active, ",\n", &save); name && strcmp(name, "bpf");)
		name = strtok_r(NULL, ",\n", &save);
	free(active);
	return name ? 0 :
		      diag_fail_hint(h->ctx, BCC_ERR_KERNEL, "lsm",
				     "add bpf to the list lsm=... of the kernel's command line (the "
				     "list in use is in " ACTIVE ")",
				     "%s would never be called: BPF is not among the active "
				     "security modules",
				     h->text);
}

static int prepare(struct hook *h, struct load_spec *spec)
{
	int err, cgroup = cgroup_open(h);
	bool known;

	if (cgroup < 0)
		return cgroup;
	known = cgroup_has(cgroup, BPF_LSM_CGROUP);
	close(cgroup);
	if (!known)
		return diag_fail(h->ctx, BCC_ERR_KERNEL, "cgroup",
				 "this kernel has no LSM programs of cgroups: they need Linux 6.0 "
				 "and CONFIG_BPF_LSM");
	err = check_hook(h);
	if (!err)
		err = check_active(h);
	return err ? err : spec_set(h, spec, BPF_PROG_TYPE_LSM, BPF_LSM_CGROUP, h->name);
}

static int attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	int fd, cgroup = cgroup_open(h);

	if (cgroup < 0)
		return cgroup;
	fd = bpf_link_create(load->fd, cgroup, BPF_LSM_CGROUP, NULL);
	close(cgroup);
	return fd < 0 ? hook_failed(h, fd, NULL) :
			attachment_link(h, out, fd, "lsm_cgroup link");
}

const struct hook_kind hook_lsm_cgroup = {
	.name = "lsm_cgroup",
	.form = "lsm_cgroup:PATH:HOOK",
	.what = "LSM hook",
	.network = true,
	.parse = cgroup_parse,
	.prepare = prepare,
	.attach = attach,
};
