/*
 * A reader of BTF as it lies in memory: the kernel's own file is mapped, not copied, and one scan
 * notes where each type starts. After kbtf_open() every type record lies within the data, and the
 * accessors below never reach outside it whatever the ids and offsets in it say: an id or a name
 * out of range reads as void or "".
 */
#ifndef BCC_KERNEL_BTF_H
#define BCC_KERNEL_BTF_H

#include <linux/btf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kbtf {
	const unsigned char *types;
	const char *strings;   /* ends in NUL */
	uint32_t types_size;
	uint32_t strings_size; /* at least 1; with those of modules */
	uint32_t count;        /* ids are 1 to count - 1; 0 is void */
	uint32_t *offsets;     /* of each id in types, or in more */
	uint32_t base_count;   /* ids from here on are modules' types, in more */
	uint32_t base_strings; /* and offsets from here on strings of theirs, in more_strings */
	void *more;
	void *more_strings;
	uint32_t more_size;    /* of more */
	bool signed_enums;     /* enums tell their sign: Linux 6.0 and later */
	void *map;             /* what the above points into: a mapping of map_size bytes, */
	size_t map_size;
	void *heap;            /* or a copy */
};

/*
 * path is raw BTF or an ELF file with a .BTF section. Errors: those of open(), -ENOMEM, -EINVAL
 * for what is not well-formed BTF of this machine's byte order, -ENODATA for ELF without .BTF.
 */
int kbtf_open(const char *path, struct kbtf *out);
void kbtf_close(struct kbtf *btf);

/* The same for raw BTF in memory, which is copied. -ENOMEM, -EINVAL. */
int kbtf_open_memory(const void *data, size_t size, struct kbtf *out);

/*
 * The same for the types of a module, whose references count on from the end of another BTF: it is
 * good for nothing but kbtf_append(), and for the kinds and name offsets of its own types, which
 * have the ids 1 to count - 1 here.
 */
int kbtf_open_split(const char *path, struct kbtf *out);

/* split.c: adds a module's types to the kernel's; module may be closed after. -ENOMEM changes
 * nothing that can be seen. Pointers into btf's names and types of modules do not stay good. */
int kbtf_append(struct kbtf *btf, const struct kbtf *module);

static inline const struct btf_type *kbtf_type(const struct kbtf *btf, uint32_t id)
{
	static const struct btf_type none;

	if (id == 0 || id >= btf->count)
		return &none;
	if (id >= btf->base_count)
		return (const struct btf_type *)((const char *)btf->more + btf->offsets[id]);
	return (const struct btf_type *)(btf->types + btf->offsets[id]);
}

static inline uint32_t kbtf_kind(const struct btf_type *t)
{
	return BTF_INFO_KIND(t->info);
}

static inline uint32_t kbtf_vlen(const struct btf_type *t)
{
	return BTF_INFO_VLEN(t->info);
}

static inline bool kbtf_kflag(const struct btf_type *t)
{
	return BTF_INFO_KFLAG(t->info);
}

static inline const char *kbtf_string(const struct kbtf *btf, uint32_t offset)
{
	if (offset < btf->base_strings)
		return btf->strings + offset;
	if (offset < btf->strings_size)
		return (const char *)btf->more_strings + (offset - btf->base_strings);
	return "";
}

static inline const char *kbtf_name(const struct kbtf *btf, const struct btf_type *t)
{
	return kbtf_string(btf, t->name_off);
}

static inline bool kbtf_is_record(const struct btf_type *t)
{
	return kbtf_kind(t) == BTF_KIND_STRUCT || kbtf_kind(t) == BTF_KIND_UNION;
}

static inline bool kbtf_is_enum(const struct btf_type *t)
{
	return kbtf_kind(t) == BTF_KIND_ENUM || kbtf_kind(t) == BTF_KIND_ENUM64;
}

/* A field of a record, whichever way BTF writes it. */
struct kbtf_member {
	const char *name;
	uint32_t type;
	uint32_t offset; /* in bits */
	uint32_t bits;   /* of a bit field, else 0 */
};

/* The i-th field; i is below kbtf_vlen(t). */
struct kbtf_member kbtf_member(const struct kbtf *btf, const struct btf_type *t, uint32_t i);

/* An enumerator, as its 64-bit pattern and its sign. */
struct kbtf_value {
	const char *name;
	int64_t value;
	bool is_signed;
};

struct kbtf_value kbtf_value(const struct kbtf *btf, const struct btf_type *t, uint32_t i);

/* Without const, volatile, restrict and tags; and without typedefs too. 0: void, or a loop. */
uint32_t kbtf_unqualified(const struct kbtf *btf, uint32_t id);
uint32_t kbtf_resolved(const struct kbtf *btf, uint32_t id);

/* The size in bytes of an object of the type, or -1 where it has none or is absurd. */
int64_t kbtf_size(const struct kbtf *btf, uint32_t id);

/* The first type of this kind and name, 0 when there is none. */
uint32_t kbtf_find(const struct kbtf *btf, uint32_t kind, const char *name);

#endif
