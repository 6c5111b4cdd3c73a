/*
 * lsm_cgroup:PATH:HOOK, a hook of the security modules for the processes of a cgroup alone. The
 * kernel binds the program to the hook when it is loaded, and to the cgroup when it is attached.
 */
#include <unistd.h>

#include <bpf/bpf.h>

#include "attach/cgroup.h"
#include "attach/lsm.h"

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
	err = lsm_check(h);
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
	.names = KERNEL_LSM_HOOKS,
	.network = true,
	.parse = cgroup_parse,
	.prepare = prepare,
	.attach = attach,
};
