/*
 * The public face of programs: names, loading, attaching. Each entry point clears the diagnostics;
 * the work is in load.c and attach/.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "attach/attach.h"
#include "object/load.h"
#include "object/module.h"

void bcc_attach_opts_init(struct bcc_attach_opts *opts)
{
	*opts = (struct bcc_attach_opts){ .size = sizeof(*opts) };
}

const char *bcc_program_name(const struct bcc_program *prog)
{
	return prog->name;
}

struct bcc_module *bcc_program_module(const struct bcc_program *prog)
{
	return prog->mod;
}

const char *bcc_program_hook(const struct bcc_program *prog)
{
	return prog->hook;
}

int bcc_program_set_type(struct bcc_program *prog, const char *section)
{
	enum bpf_attach_type expected;
	enum bpf_prog_type type;
	struct bcc_context *ctx;

	if (!prog || !section)
		return -EINVAL;
	ctx = prog->mod->ctx;
	diag_clear(ctx);
	if (prog->loads)
		return diag_fail(ctx, -EBUSY, "type", "program '%s' is loaded already", prog->name);
	if (libbpf_prog_type_by_name(section, &type, &expected))
		return diag_fail_hint(ctx, -EINVAL, "type",
				      "types are named as libbpf's sections: kprobe, uprobe, "
				      "tracepoint, raw_tp, perf_event, xdp, tc, socket, sockops, "
				      "cgroup/connect4, ...",
				      "there is no program type '%s'", section);
	bpf_program__set_type(prog->bp, type);
	bpf_program__set_expected_attach_type(prog->bp, expected);
	free(prog->hook);
	prog->hook = NULL;
	return 0;
}

int bcc_program_load(struct bcc_program *prog)
{
	if (!prog)
		return -EINVAL;
	diag_clear(prog->mod->ctx);
	return prog->loads ? 0 : attach_load(prog);
}

int bcc_program_fd(const struct bcc_program *prog)
{
	return prog->loads ? prog->loads->fd : -ENOENT;
}

int bcc_program_attach(struct bcc_program *prog, const char *hook,
		       const struct bcc_attach_opts *opts, struct bcc_link **out)
{
	struct bcc_context *ctx;
	struct bcc_attach_opts o;
	struct bcc_link *link;
	int err;

	if (!prog)
		return -EINVAL;
	ctx = prog->mod->ctx;
	diag_clear(ctx);
	err = context_read_opts(opts, &o, sizeof(o));
	if (err)
		return diag_fail(ctx, err, "options",
				 "struct bcc_attach_opts is malformed: its size is "
				 "wrong, or it sets what this library does not know");
	if (!hook)
		hook = prog->hook;
	if (!hook)
		return diag_fail_hint(ctx, BCC_ERR_NO_HOOK, "hook",
				      "name one, e.g. \"tracepoint:sched:sched_switch\"",
				      "program '%s' does not say where it belongs", prog->name);
	err = attach_program(prog, hook, &o, &link);
	if (!err && out)
		*out = link;
	return err;
}

int bcc_module_attach_all(struct bcc_module *mod)
{
	static const struct bcc_attach_opts defaults = { .size = sizeof(defaults) };
	struct bcc_link *before, *link;
	int n = 0, err;

	if (!mod)
		return -EINVAL;
	diag_clear(mod->ctx);
	before = mod->links;
	for (struct bcc_program *prog = mod->programs; prog; prog = prog->next) {
		if (!prog->hook)
			continue;
		err = attach_program(prog, prog->hook, &defaults, &link);
		if (err) {
			while (mod->links != before)
				bcc_link_destroy(mod->links);
			return err;
		}
		n++;
	}
	return n;
}
