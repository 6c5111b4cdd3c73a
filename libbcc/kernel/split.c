/*
 * The types of kernel modules ("split" BTF): their ids and strings go on where those of the kernel
 * itself end, so that two modules use the same ids for different things. Appending one to the
 * kernel's types gives it ids and strings of its own, which takes a copy with every reference
 * moved. One that leads nowhere still does so afterwards: what accessors make of it is in btf.h.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/btf.h"

/* How far the module's own ids and strings move. */
struct move {
	uint32_t first_id, ids;
	uint32_t first_string, strings;
};

static void move_id(const struct move *m, uint32_t *id)
{
	if (*id >= m->first_id)
		*id += m->ids;
}

static void move_string(const struct move *m, uint32_t *offset)
{
	if (*offset >= m->first_string)
		*offset += m->strings;
}

static void move_members(const struct move *m, struct btf_type *t)
{
	struct btf_member *member = (struct btf_member *)(t + 1);

	for (uint32_t i = 0; i < kbtf_vlen(t); i++) {
		move_string(m, &member[i].name_off);
		move_id(m, &member[i].type);
	}
}

static void move_values(const struct move *m, struct btf_type *t)
{
	struct btf_enum *narrow = (struct btf_enum *)(t + 1);
	struct btf_enum64 *wide = (struct btf_enum64 *)(t + 1);

	for (uint32_t i = 0; i < kbtf_vlen(t); i++)
		move_string(m, kbtf_kind(t) == BTF_KIND_ENUM ? &narrow[i].name_off
							     : &wide[i].name_off);
}

static void move_parameters(const struct move *m, struct btf_type *t)
{
	struct btf_param *param = (struct btf_param *)(t + 1);

	for (uint32_t i = 0; i < kbtf_vlen(t); i++) {
		move_string(m, &param[i].name_off);
		move_id(m, &param[i].type);
	}
}

static void move_variables(const struct move *m, struct btf_type *t)
{
	struct btf_var_secinfo *info = (struct btf_var_secinfo *)(t + 1);

	for (uint32_t i = 0; i < kbtf_vlen(t); i++)
		move_id(m, &info[i].type);
}

static void move_type(const struct move *m, struct btf_type *t)
{
	struct btf_array *array = (struct btf_array *)(t + 1);

	move_string(m, &t->name_off);
	switch (kbtf_kind(t)) {
	case BTF_KIND_PTR:
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_CONST:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_FUNC:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
	case BTF_KIND_TYPE_TAG:
		move_id(m, &t->type);
		break;
	case BTF_KIND_FUNC_PROTO:
		move_id(m, &t->type);
		move_parameters(m, t);
		break;
	case BTF_KIND_ARRAY:
		move_id(m, &array->type);
		move_id(m, &array->index_type);
		break;
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		move_members(m, t);
		break;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		move_values(m, t);
		break;
	case BTF_KIND_DATASEC:
		move_variables(m, t);
		break;
	default:
		break;
	}
}

/* Makes one block longer by n bytes. */
static int lengthen(void **block, size_t size, const void *bytes, size_t n)
{
	char *longer;

	if (!n)
		return 0;
	longer = realloc(*block, size + n);
	if (!longer)
		return -ENOMEM;
	memcpy(longer + size, bytes, n);
	*block = longer;
	return 0;
}

int kbtf_append(struct kbtf *btf, const struct kbtf *module)
{
	const struct move m = {
		.first_id = btf->base_count,
		.ids = btf->count - btf->base_count,
		.first_string = btf->base_strings,
		.strings = btf->strings_size - btf->base_strings,
	};
	uint32_t own = module->count - 1, at = btf->more_size, *offsets;
	int err;

	if ((uint64_t)btf->count + own > INT32_MAX ||
	    (uint64_t)btf->strings_size + module->strings_size > INT32_MAX ||
	    (uint64_t)btf->more_size + module->types_size > INT32_MAX)
		return -ENOMEM;
	offsets = reallocarray(btf->offsets, (size_t)btf->count + own, sizeof(*offsets));
	if (!offsets)
		return -ENOMEM;
	btf->offsets = offsets;
	err = lengthen(&btf->more, at, module->types, module->types_size);
	if (!err)
		err = lengthen(&btf->more_strings, m.strings, module->strings,
			       module->strings_size);
	if (err)
		return err; /* what is longer now is not counted yet */
	for (uint32_t i = 1; i <= own; i++) {
		offsets[btf->count + i - 1] = at + module->offsets[i];
		move_type(&m, (struct btf_type *)((char *)btf->more + at + module->offsets[i]));
	}
	btf->count += own;
	btf->more_size += module->types_size;
	btf->strings_size += module->strings_size;
	btf->signed_enums |= module->signed_enums;
	return 0;
}
