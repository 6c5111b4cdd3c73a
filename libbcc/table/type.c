/*
 * Types made from BTF: see type.h for what holds of them.
 *
 * Each BTF id becomes one bcc_type, made at most once per store. A typedef or qualifier becomes a
 * copy of what it stands for under its own name; pointers end the walk, so a struct may point to
 * itself. What BTF describes but BPF data cannot hold (functions, forward declarations) is BYTES.
 */
#include "table/type.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/btf.h>

#include "table/strbuf.h"

#define MAX_DEPTH 64
#define MAX_SIZE (1u << 30) /* no map value comes near; keeps bit offsets within 32 bits */

/* Memory that is freed all at once. */
struct chunk {
	struct chunk *next;
	max_align_t data[];
};

struct type_store {
	const struct btf *btf;
	struct chunk *chunks;
	struct bcc_type *types;
};

static int make(struct type_store *store, uint32_t id, unsigned depth,
		const struct bcc_type **out);

static void *alloc(struct type_store *store, size_t n, size_t size)
{
	struct chunk *chunk;
	size_t bytes;

	if (__builtin_mul_overflow(n, size, &bytes))
		return NULL;
	chunk = calloc(1, sizeof(*chunk) + bytes);
	if (!chunk)
		return NULL;
	chunk->next = store->chunks;
	store->chunks = chunk;
	return chunk->data;
}

static const char *copy_name(struct type_store *store, const char *name)
{
	size_t n = strlen(name) + 1;
	char *copy = alloc(store, n, 1);

	return copy ? memcpy(copy, name, n) : NULL;
}

static const char *copy_btf_name(struct type_store *store, uint32_t offset)
{
	const char *name = btf__name_by_offset(store->btf, offset);

	return copy_name(store, name ? name : "");
}

struct type_store *type_store_create(const struct btf *btf)
{
	struct type_store *store = calloc(1, sizeof(*store));

	if (store)
		store->btf = btf;
	return store;
}

void type_store_free(struct type_store *store)
{
	struct chunk *chunk, *next;

	if (!store)
		return;
	for (chunk = store->chunks; chunk; chunk = next) {
		next = chunk->next;
		free(chunk);
	}
	free(store);
}

static int make_int(struct bcc_type *type, const struct btf_type *t, const char *name)
{
	if (t->size == 0 || t->size > 16 || (t->size & (t->size - 1)))
		return -EINVAL;
	type->size = t->size;
	type->is_signed = btf_int_encoding(t) & BTF_INT_SIGNED;
	type->kind = BCC_TYPE_INT;
	if (btf_int_encoding(t) & BTF_INT_BOOL)
		type->kind = BCC_TYPE_BOOL;
	else if (t->size == 1 && !strcmp(name, "char"))
		type->kind = BCC_TYPE_CHAR;
	return 0;
}

static int make_enum(struct type_store *store, struct bcc_type *type, const struct btf_type *t)
{
	size_t n = btf_vlen(t);
	bool wide = btf_is_enum64(t);

	if (t->size == 0 || t->size > 8 || (t->size & (t->size - 1)))
		return -EINVAL;
	type->kind = BCC_TYPE_ENUM;
	type->size = t->size;
	type->is_signed = btf_kflag(t);
	type->enumerators = alloc(store, n, sizeof(*type->enumerators));
	if (!type->enumerators)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		struct enumerator *e = &type->enumerators[i];
		uint32_t name = wide ? btf_enum64(t)[i].name_off : btf_enum(t)[i].name_off;

		e->name = copy_btf_name(store, name);
		if (!e->name)
			return -ENOMEM;
		if (wide)
			e->value = btf_enum64_value(&btf_enum64(t)[i]);
		else
			e->value = btf_enum(t)[i].val;
		/* Older compilers do not tell the sign, so an unsigned value has no more bits
		 * than its type. */
		if (!type->is_signed && t->size < 8)
			e->value &= (INT64_C(1) << (t->size * 8)) - 1;
	}
	type->n_enumerators = n;
	return 0;
}

static int make_array(struct type_store *store, struct bcc_type *type, const struct btf_type *t,
		      unsigned depth)
{
	int err = make(store, btf_array(t)->type, depth, &type->element);

	if (err)
		return err;
	type->kind = BCC_TYPE_ARRAY;
	type->length = btf_array(t)->nelems;
	if (__builtin_mul_overflow(type->element->size, type->length, &type->size) ||
	    type->size > MAX_SIZE || (type->element->size == 0 && type->length > 0))
		return -EINVAL;
	return 0;
}

/* Both encodings of a bit-field: in the member, or in an integer type of its own. */
static void member_bits(const struct btf *btf, const struct btf_type *t, int i,
			struct bcc_member *out)
{
	const struct btf_type *m;
	int id;

	out->bit_offset = btf_member_bit_offset(t, i);
	out->bit_size = btf_member_bitfield_size(t, i);
	if (btf_kflag(t))
		return;
	id = btf__resolve_type(btf, btf_members(t)[i].type);
	m = id > 0 ? btf__type_by_id(btf, id) : NULL;
	if (m && btf_is_int(m) &&
	    (btf_int_bits(m) != m->size * 8 || btf_int_offset(m) || out->bit_offset % 8)) {
		out->bit_offset += btf_int_offset(m);
		out->bit_size = btf_int_bits(m);
	} else if (m && btf_is_any_enum(m) && out->bit_offset % 8) {
		out->bit_size = m->size * 8;
	}
}

static bool member_fits(const struct bcc_type *type, const struct bcc_member *m)
{
	uint64_t bits = m->bit_size ? m->bit_size : (uint64_t)m->type->size * 8;

	if (m->bit_size && (!type_is_integral(m->type) || m->bit_size > m->type->size * 8))
		return false;
	if (!m->bit_size && m->bit_offset % 8)
		return false;
	return m->bit_offset + bits <= (uint64_t)type->size * 8;
}

static int make_members(struct type_store *store, struct bcc_type *type, const struct btf_type *t,
			unsigned depth)
{
	size_t n = btf_vlen(t);
	int err;

	if (t->size > MAX_SIZE)
		return -EINVAL;
	type->kind = btf_is_struct(t) ? BCC_TYPE_STRUCT : BCC_TYPE_UNION;
	type->size = t->size;
	type->members = alloc(store, n, sizeof(*type->members));
	if (!type->members)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		struct bcc_member *m = &type->members[i];

		err = make(store, btf_members(t)[i].type, depth, &m->type);
		if (err)
			return err;
		m->name = copy_btf_name(store, btf_members(t)[i].name_off);
		if (!m->name)
			return -ENOMEM;
		member_bits(store->btf, t, i, m);
		if (!member_fits(type, m))
			return -EINVAL;
	}
	type->n_members = n;
	return 0;
}

/* Another name for the type that id is. */
static int make_alias(struct type_store *store, struct bcc_type *type, uint32_t id, unsigned depth)
{
	const struct bcc_type *to;
	struct bcc_type own = *type;
	int err = make(store, id, depth, &to);

	if (err)
		return err;
	*type = *to;
	type->name = own.name;
	type->next = own.next;
	type->id = own.id;
	type->unready = own.unready;
	return 0;
}

static int fill(struct type_store *store, struct bcc_type *type, const struct btf_type *t,
		unsigned depth)
{
	switch (btf_kind(t)) {
	case BTF_KIND_INT:
		return make_int(type, t, type->name);
	case BTF_KIND_FLOAT:
		if (t->size == 0 || t->size > 16)
			return -EINVAL;
		type->kind = t->size == 4 || t->size == 8 ? BCC_TYPE_FLOAT : BCC_TYPE_UNKNOWN;
		type->size = t->size;
		return 0;
	case BTF_KIND_ENUM:
	case BTF_KIND_ENUM64:
		return make_enum(store, type, t);
	case BTF_KIND_PTR:
		type->kind = BCC_TYPE_POINTER;
		type->size = 8; /* BPF's */
		return 0;
	case BTF_KIND_ARRAY:
		return make_array(store, type, t, depth);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return make_members(store, type, t, depth);
	case BTF_KIND_TYPEDEF:
	case BTF_KIND_CONST:
	case BTF_KIND_VOLATILE:
	case BTF_KIND_RESTRICT:
	case BTF_KIND_TYPE_TAG:
		return make_alias(store, type, t->type, depth);
	default:
		return 0; /* no data: no bytes */
	}
}

static struct bcc_type *new_type(struct type_store *store, uint32_t id)
{
	struct bcc_type *type = alloc(store, 1, sizeof(*type));

	if (!type)
		return NULL;
	type->id = id;
	type->next = store->types;
	store->types = type;
	return type;
}

static int make(struct type_store *store, uint32_t id, unsigned depth,
		const struct bcc_type **out)
{
	const struct btf_type *t = store->btf ? btf__type_by_id(store->btf, id) : NULL;
	struct strbuf name = {};
	struct bcc_type *type;
	int err;

	if (!t || depth > MAX_DEPTH)
		return -EINVAL;
	for (type = store->types; type; type = type->next) {
		if (type->id != id || id == 0)
			continue;
		*out = type;
		return type->unready ? -EINVAL : 0;
	}
	type = new_type(store, id);
	if (!type)
		return -ENOMEM;
	type->unready = true; /* stays so when making it fails */
	type_spell(&name, store->btf, id);
	type->name = name.failed ? NULL : copy_name(store, name.text);
	strbuf_free(&name);
	if (!type->name)
		return -ENOMEM;
	err = fill(store, type, t, depth + 1);
	if (err)
		return err;
	type->unready = false;
	*out = type;
	return 0;
}

int type_from_btf(struct type_store *store, uint32_t id, const struct bcc_type **out)
{
	return make(store, id, 0, out);
}

const struct bcc_type *type_unsigned(struct type_store *store, size_t size)
{
	struct bcc_type *type = new_type(store, 0);

	if (!type)
		return NULL;
	type->kind = BCC_TYPE_INT;
	type->name = size == 8 ? "u64" : size == 4 ? "u32" : size == 2 ? "u16" : "u8";
	type->size = size;
	return type;
}

const struct bcc_type *type_bytes(struct type_store *store, size_t size)
{
	struct bcc_type *type = new_type(store, 0);
	struct strbuf name = {};

	if (!type)
		return NULL;
	strbuf_printf(&name, "bytes[%zu]", size);
	type->kind = BCC_TYPE_UNKNOWN;
	type->size = size;
	type->name = name.failed ? NULL : copy_name(store, name.text);
	strbuf_free(&name);
	return type->name ? type : NULL;
}

const struct bcc_type *type_array(struct type_store *store, const struct bcc_type *element,
				  size_t length)
{
	struct bcc_type *type = new_type(store, 0);
	struct strbuf name = {};

	if (!type)
		return NULL;
	strbuf_printf(&name, "%s[%zu]", element->name, length);
	type->kind = BCC_TYPE_ARRAY;
	type->size = element->size * length;
	type->element = element;
	type->length = length;
	type->name = name.failed ? NULL : copy_name(store, name.text);
	strbuf_free(&name);
	return type->name ? type : NULL;
}

bool type_is_string(const struct bcc_type *type)
{
	return type->kind == BCC_TYPE_ARRAY && type->element->kind == BCC_TYPE_CHAR;
}

bool type_is_integral(const struct bcc_type *type)
{
	switch (type->kind) {
	case BCC_TYPE_INT:
	case BCC_TYPE_BOOL:
	case BCC_TYPE_CHAR:
	case BCC_TYPE_ENUM:
	case BCC_TYPE_POINTER:
		return true;
	default:
		return false;
	}
}
