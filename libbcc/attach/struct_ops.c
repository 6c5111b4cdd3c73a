/*
 * struct_ops:NAME. Registers the struct that the text declares under this name, with all programs
 * in it; the program it is attached through stands for all of them.
 */
#include <errno.h>
#include <stdlib.h>

#include "attach/hook.h"
#include "object/struct_ops.h"

static int prepare(struct hook *h, struct load_spec *spec)
{
	char *names;
	int err;

	(void)spec; /* as its section says */
	if (struct_ops_has(h->prog, h->name))
		return 0;
	if (struct_ops_exists(h->prog->mod, h->name))
		return diag_fail_hint(h->ctx, -EINVAL, "hook",
				      "name a program that a member of the struct is set to",
				      "program '%s' is not in '%s'", h->prog->name, h->name);
	names = struct_ops_names(h->prog->mod);
	err = diag_fail_hint(h->ctx, -EINVAL, "hook",
			     names ? names : "it is declared BPF_STRUCT_OPS(TYPE, NAME) { ... };",
			     "%s has no struct_ops '%s'%s", h->prog->mod->name, h->name,
			     names ? "; it has those below" : "");
	free(names);
	return err;
}

static int unregister(struct undo *undo, const struct attachment *a)
{
	(void)undo;
	struct_ops_unregister(a->fds[0]);
	return 0;
}

static int attach(struct hook *h, const struct program_load *load, struct attachment *out)
{
	struct struct_ops_registration reg;
	struct undo *undo;
	int err;

	(void)load;
	undo = malloc(sizeof(*undo));
	if (!undo)
		return diag_fail(h->ctx, -ENOMEM, "memory", "out of memory");
	undo->run = unregister;
	err = attachment_reserve(h, out, 1);
	if (!err)
		err = struct_ops_register(h->prog->mod, h->name, &reg);
	if (err) {
		free(undo);
		attachment_destroy(out);
		return err;
	}
	out->fds[out->n++] = reg.fd;
	if (reg.is_link)
		free(undo);
	else
		out->undo = undo;
	out->mechanism = reg.is_link ? "struct_ops link" : "struct_ops map";
	return 0;
}

const struct hook_kind hook_struct_ops = {
	.name = "struct_ops",
	.form = "struct_ops:NAME",
	.what = "struct_ops",
	.names = KERNEL_STRUCTS,
	.parse = hook_parse_name,
	.prepare = prepare,
	.attach = attach,
};
