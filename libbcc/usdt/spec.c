/*
 * Writes specs in the layout that the object's BTF shows, since the struct belongs to the release
 * of libbpf whose <bpf/usdt.bpf.h> the object was compiled with, which need not be the one here.
 */
#include <errno.h>
#include <string.h>

#include "usdt/spec.h"

/* enum __bpf_usdt_arg_type. */
enum kind {
	KIND_CONSTANT,
	KIND_REGISTER,
	KIND_MEMORY,
	KIND_INDEXED,
	KIND_NONE = 0x7f, /* no kind: bpf_usdt_arg() answers -EINVAL */
};

static bool find(const struct btf *btf, const struct btf_type *t, const char *name,
		 struct spec_field *out, const struct btf_type **type)
{
	for (unsigned i = 0; i < btf_vlen(t); i++) {
		const struct btf_member *m = btf_members(t) + i;
		const char *member = btf__name_by_offset(btf, m->name_off);
		int64_t size;
		int id;

		if (!member || strcmp(member, name))
			continue;
		id = btf__resolve_type(btf, m->type);
		size = btf__resolve_size(btf, m->type);
		if (id < 0 || size < 0 || size > t->size)
			return false;
		out->at = btf_member_bit_offset(t, i);
		out->bits = btf_member_bitfield_size(t, i);
		if (!out->bits)
			out->bits = 8 * (unsigned)size;
		if (type)
			*type = btf__type_by_id(btf, (unsigned)id);
		return (type || out->bits <= 64) &&
		       (uint64_t)out->at + out->bits <= 8 * (uint64_t)t->size;
	}
	return false;
}

int spec_layout(const struct btf *btf, unsigned type, struct spec_layout *out)
{
	const struct btf_type *spec, *array = NULL, *arg;
	struct spec_field args;
	int id = btf__resolve_type(btf, type);

	spec = id > 0 ? btf__type_by_id(btf, (unsigned)id) : NULL;
	if (!spec || !btf_is_struct(spec) || !find(btf, spec, "args", &args, &array) || !array ||
	    !btf_is_array(array))
		return -EINVAL;
	*out = (struct spec_layout){ .size = spec->size };
	out->args_at = args.at / 8;
	out->max_args = btf_array(array)->nelems;
	id = btf__resolve_type(btf, btf_array(array)->type);
	arg = id > 0 ? btf__type_by_id(btf, (unsigned)id) : NULL;
	if (!arg || !btf_is_struct(arg))
		return -EINVAL;
	out->arg_size = arg->size;
	if (!find(btf, spec, "usdt_cookie", &out->cookie, NULL) ||
	    !find(btf, spec, "arg_cnt", &out->count, NULL) ||
	    !find(btf, arg, "val_off", &out->value, NULL) ||
	    !find(btf, arg, "arg_type", &out->kind, NULL) ||
	    !find(btf, arg, "reg_off", &out->reg, NULL) ||
	    !find(btf, arg, "arg_signed", &out->is_signed, NULL) ||
	    !find(btf, arg, "arg_bitshift", &out->shift, NULL))
		return -EINVAL;
	if (!find(btf, arg, "idx_reg_off", &out->index, NULL) ||
	    !find(btf, arg, "scale_bitshift", &out->scale, NULL))
		out->index.bits = out->scale.bits = 0;
	return 0;
}

/* Bits of a bit-field are counted from the end of a number's memory that comes first. */
static void put(unsigned char *base, const struct spec_field *f, uint64_t value)
{
	for (unsigned i = 0; i < f->bits; i++) {
		bool set = value >> i & 1;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		unsigned at = f->at + i, bit = at % 8;
#else
		unsigned at = f->at + f->bits - 1 - i, bit = 7 - at % 8;
#endif
		if (set)
			base[at / 8] |= 1u << bit;
	}
}

static enum kind kind_of(const struct spec_layout *layout, const struct usdt_arg *arg)
{
	switch (arg->where) {
	case USDT_CONSTANT:
		return KIND_CONSTANT;
	case USDT_REGISTER:
		return KIND_REGISTER;
	case USDT_MEMORY:
		return KIND_MEMORY;
	case USDT_INDEXED:
		return layout->index.bits ? KIND_INDEXED : KIND_NONE;
	default:
		return KIND_NONE;
	}
}

const struct usdt_arg *spec_fill(const struct spec_layout *layout, const struct usdt_arg *args,
				 size_t n, uint64_t cookie, void *out)
{
	const struct usdt_arg *unreadable = NULL;
	unsigned char *spec = out;

	if (n > layout->max_args)
		n = layout->max_args;
	memset(spec, 0, layout->size);
	put(spec, &layout->cookie, cookie);
	put(spec, &layout->count, n);
	for (size_t i = 0; i < n; i++) {
		unsigned char *arg = spec + layout->args_at + i * layout->arg_size;
		enum kind kind = kind_of(layout, &args[i]);

		put(arg, &layout->kind, kind);
		if (kind == KIND_NONE) {
			unreadable = unreadable ? unreadable : &args[i];
			continue;
		}
		put(arg, &layout->value, (uint64_t)args[i].value);
		put(arg, &layout->reg, (uint64_t)args[i].base);
		put(arg, &layout->is_signed, args[i].is_signed);
		put(arg, &layout->shift, 64 - 8 * args[i].size);
		if (kind != KIND_INDEXED)
			continue;
		put(arg, &layout->index, (uint64_t)args[i].index);
		put(arg, &layout->scale, args[i].shift);
	}
	return unreadable;
}
