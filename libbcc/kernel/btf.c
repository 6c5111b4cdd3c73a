/*
 * Opens and reads BTF. The kernel's file can be mapped from Linux 6.16 on; before, it is read.
 * Files on a disk are read too: a mapping of one that shrinks meanwhile would end us with SIGBUS.
 * The scan in index_types() checks the extent of every record, which is what the accessors rely on;
 * ids and names are checked where they are followed.
 */
#include "kernel/btf.h"

#include <errno.h>
#include <fcntl.h>
#include <libelf.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "kernel/text.h"

#define MAX_CHAIN 64 /* typedefs and qualifiers in a row; real ones stay below ten */

/* What follows struct btf_type: a part of its own, and one for each of vlen. */
static const struct {
	uint8_t known, own, each;
} extent[32] = {
	[BTF_KIND_INT] = { 1, sizeof(uint32_t), 0 },
	[BTF_KIND_PTR] = { 1, 0, 0 },
	[BTF_KIND_ARRAY] = { 1, sizeof(struct btf_array), 0 },
	[BTF_KIND_STRUCT] = { 1, 0, sizeof(struct btf_member) },
	[BTF_KIND_UNION] = { 1, 0, sizeof(struct btf_member) },
	[BTF_KIND_ENUM] = { 1, 0, sizeof(struct btf_enum) },
	[BTF_KIND_FWD] = { 1, 0, 0 },
	[BTF_KIND_TYPEDEF] = { 1, 0, 0 },
	[BTF_KIND_VOLATILE] = { 1, 0, 0 },
	[BTF_KIND_CONST] = { 1, 0, 0 },
	[BTF_KIND_RESTRICT] = { 1, 0, 0 },
	[BTF_KIND_FUNC] = { 1, 0, 0 }, /* its vlen is the linkage */
	[BTF_KIND_FUNC_PROTO] = { 1, 0, sizeof(struct btf_param) },
	[BTF_KIND_VAR] = { 1, sizeof(struct btf_var), 0 },
	[BTF_KIND_DATASEC] = { 1, 0, sizeof(struct btf_var_secinfo) },
	[BTF_KIND_FLOAT] = { 1, 0, 0 },
	[BTF_KIND_DECL_TAG] = { 1, sizeof(struct btf_decl_tag), 0 },
	[BTF_KIND_TYPE_TAG] = { 1, 0, 0 },
	[BTF_KIND_ENUM64] = { 1, 0, sizeof(struct btf_enum64) },
};

static int index_types(struct kbtf *btf, size_t size)
{
	size_t max = size / sizeof(struct btf_type) + 1;
	size_t at = 0;
	uint32_t *offsets = malloc(max * sizeof(*offsets));

	if (!offsets)
		return -ENOMEM;
	btf->offsets = offsets;
	offsets[0] = 0;
	btf->count = 1;
	while (at < size) {
		const struct btf_type *t = (const void *)(btf->types + at);
		uint32_t kind;
		size_t extra;

		if (size - at < sizeof(*t))
			return -EINVAL;
		kind = BTF_INFO_KIND(t->info);
		if (!extent[kind].known)
			return -EINVAL;
		extra = extent[kind].own + (size_t)extent[kind].each * BTF_INFO_VLEN(t->info);
		if (extra > size - at - sizeof(*t))
			return -EINVAL;
		if (kbtf_is_enum(t) && kbtf_kflag(t))
			btf->signed_enums = true;
		offsets[btf->count++] = (uint32_t)at;
		at += sizeof(*t) + extra;
	}
	offsets = realloc(offsets, btf->count * sizeof(*offsets));
	if (offsets)
		btf->offsets = offsets;
	return 0;
}

static int parse(struct kbtf *btf, const unsigned char *data, size_t size, bool split)
{
	const struct btf_header *hdr = (const void *)data;
	uint64_t types, strings;
	int err;

	if (size < sizeof(*hdr) || hdr->magic != BTF_MAGIC || hdr->version != BTF_VERSION)
		return -EINVAL;
	types = (uint64_t)hdr->hdr_len + hdr->type_off;
	strings = (uint64_t)hdr->hdr_len + hdr->str_off;
	if (hdr->hdr_len < sizeof(*hdr) || types % sizeof(uint32_t) != 0)
		return -EINVAL;
	if (types + hdr->type_len > size || strings + hdr->str_len > size)
		return -EINVAL;
	/* The strings of a split one go on from those of the other: there need not be any. */
	if (hdr->str_len == 0 && !split)
		return -EINVAL;
	btf->types = data + types;
	btf->strings = (const char *)data + strings;
	btf->types_size = hdr->type_len;
	btf->strings_size = hdr->str_len;
	if (!split && btf->strings[0] != '\0')
		return -EINVAL;
	if (hdr->str_len && btf->strings[hdr->str_len - 1] != '\0')
		return -EINVAL;
	err = index_types(btf, hdr->type_len);
	btf->base_count = btf->count;
	btf->base_strings = btf->strings_size;
	return err;
}

static int copy_section(struct kbtf *btf, Elf_Scn *scn, size_t *size)
{
	Elf_Data *data = elf_rawdata(scn, NULL);

	if (!data || !data->d_buf || data->d_size == 0)
		return -EINVAL;
	btf->heap = malloc(data->d_size);
	if (!btf->heap)
		return -ENOMEM;
	memcpy(btf->heap, data->d_buf, data->d_size);
	*size = data->d_size;
	return 0;
}

static int read_elf(struct kbtf *btf, int fd, size_t *size)
{
	Elf *elf;
	Elf_Scn *scn = NULL;
	size_t names;
	int err = -ENODATA;

	if (elf_version(EV_CURRENT) == EV_NONE)
		return -EINVAL;
	elf = elf_begin(fd, ELF_C_READ_MMAP, NULL);
	if (!elf)
		return -EINVAL;
	if (elf_kind(elf) != ELF_K_ELF || elf_getshdrstrndx(elf, &names) != 0) {
		err = -EINVAL;
		goto out;
	}
	while ((scn = elf_nextscn(elf, scn)) != NULL) {
		Elf64_Shdr *hdr = elf64_getshdr(scn);
		const char *name = hdr ? elf_strptr(elf, names, hdr->sh_name) : NULL;

		if (name && strcmp(name, ".BTF") == 0) {
			err = copy_section(btf, scn, size);
			break;
		}
	}
out:
	elf_end(elf);
	return err;
}

/* The bytes of raw BTF: in place where they cannot change, else a copy. */
static int read_raw(struct kbtf *btf, int fd, const char *path, size_t *size)
{
	struct statfs fs;

	if (fstatfs(fd, &fs) == 0 && fs.f_type == SYSFS_MAGIC) {
		void *map = mmap(NULL, *size, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);

		if (map != MAP_FAILED) {
			btf->map = map;
			btf->map_size = *size;
			return 0;
		}
	}
	btf->heap = ktext_read_file(path, size);
	return btf->heap ? 0 : -errno;
}

static int open_file(const char *path, bool split, struct kbtf *out)
{
	struct kbtf btf = { 0 };
	char magic[SELFMAG] = "";
	struct stat st;
	size_t size = 0;
	int fd, err = 0;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) ||
	    pread(fd, magic, sizeof(magic), 0) != sizeof(magic)) {
		err = -EINVAL;
		goto out;
	}
	size = (size_t)st.st_size;
	if (memcmp(magic, ELFMAG, SELFMAG) == 0)
		err = read_elf(&btf, fd, &size);
	else
		err = read_raw(&btf, fd, path, &size);
out:
	close(fd);
	if (!err)
		err = parse(&btf, btf.map ? btf.map : btf.heap, size, split);
	if (err)
		kbtf_close(&btf);
	else
		*out = btf;
	return err;
}

int kbtf_open(const char *path, struct kbtf *out)
{
	return open_file(path, false, out);
}

int kbtf_open_memory(const void *data, size_t size, struct kbtf *out)
{
	struct kbtf btf = { .heap = malloc(size ? size : 1) };
	int err;

	if (!btf.heap)
		return -ENOMEM;
	memcpy(btf.heap, data, size);
	err = parse(&btf, btf.heap, size, false);
	if (err)
		kbtf_close(&btf);
	else
		*out = btf;
	return err;
}

int kbtf_open_split(const char *path, struct kbtf *out)
{
	return open_file(path, true, out);
}

void kbtf_close(struct kbtf *btf)
{
	if (btf->map)
		munmap(btf->map, btf->map_size);
	free(btf->heap);
	free(btf->more);
	free(btf->more_strings);
	free(btf->offsets);
	*btf = (struct kbtf){ 0 };
}

struct kbtf_member kbtf_member(const struct kbtf *btf, const struct btf_type *t, uint32_t i)
{
	const struct btf_member *raw = (const struct btf_member *)(t + 1) + i;
	struct kbtf_member m = { kbtf_string(btf, raw->name_off), raw->type, raw->offset, 0 };
	const struct btf_type *type;

	if (kbtf_kflag(t)) {
		m.offset = BTF_MEMBER_BIT_OFFSET(raw->offset);
		m.bits = BTF_MEMBER_BITFIELD_SIZE(raw->offset);
		return m;
	}
	/* The first BTF wrote a bit field as an integer of fewer bits than its bytes have. */
	type = kbtf_type(btf, kbtf_resolved(btf, raw->type));
	if (kbtf_kind(type) == BTF_KIND_INT) {
		uint32_t data = *(const uint32_t *)(type + 1);

		if (BTF_INT_BITS(data) < type->size * 8 || BTF_INT_OFFSET(data)) {
			m.offset += BTF_INT_OFFSET(data);
			m.bits = BTF_INT_BITS(data);
		}
	}
	return m;
}

struct kbtf_value kbtf_value(const struct kbtf *btf, const struct btf_type *t, uint32_t i)
{
	struct kbtf_value v = { .is_signed = kbtf_kflag(t) };

	if (kbtf_kind(t) == BTF_KIND_ENUM64) {
		const struct btf_enum64 *e = (const struct btf_enum64 *)(t + 1) + i;

		v.name = kbtf_string(btf, e->name_off);
		v.value = (int64_t)((uint64_t)e->val_hi32 << 32 | e->val_lo32);
	} else {
		const struct btf_enum *e = (const struct btf_enum *)(t + 1) + i;

		/* BTF without signs was made from values that are int, but for enums of 8 bytes:
		 * of these the lower half was kept (BPF_F_CURRENT_CPU before Linux 6.0). */
		v.is_signed |= !btf->signed_enums && t->size != 8;
		v.name = kbtf_string(btf, e->name_off);
		v.value = v.is_signed ? (int64_t)e->val : (int64_t)(uint32_t)e->val;
	}
	return v;
}

static uint32_t strip(const struct kbtf *btf, uint32_t id, bool typedefs)
{
	for (int i = 0; i < MAX_CHAIN; i++) {
		const struct btf_type *t = kbtf_type(btf, id);

		switch (kbtf_kind(t)) {
		case BTF_KIND_TYPEDEF:
			if (!typedefs)
				return id;
			break;
		case BTF_KIND_CONST:
		case BTF_KIND_VOLATILE:
		case BTF_KIND_RESTRICT:
		case BTF_KIND_TYPE_TAG:
			break;
		default:
			return id;
		}
		id = t->type;
	}
	return 0;
}

uint32_t kbtf_unqualified(const struct kbtf *btf, uint32_t id)
{
	return strip(btf, id, false);
}

uint32_t kbtf_resolved(const struct kbtf *btf, uint32_t id)
{
	return strip(btf, id, true);
}

int64_t kbtf_size(const struct kbtf *btf, uint32_t id)
{
	int64_t times = 1;

	for (int i = 0; i < MAX_CHAIN; i++) {
		const struct btf_type *t = kbtf_type(btf, kbtf_resolved(btf, id));
		const struct btf_array *array = (const void *)(t + 1);
		int64_t size;

		switch (kbtf_kind(t)) {
		case BTF_KIND_INT:
		case BTF_KIND_FLOAT:
		case BTF_KIND_ENUM:
		case BTF_KIND_ENUM64:
		case BTF_KIND_STRUCT:
		case BTF_KIND_UNION:
			size = t->size;
			break;
		case BTF_KIND_PTR:
			size = sizeof(uint64_t);
			break;
		case BTF_KIND_ARRAY:
			if (__builtin_mul_overflow(times, (int64_t)array->nelems, &times))
				return -1;
			id = array->type;
			continue;
		default:
			return -1;
		}
		if (__builtin_mul_overflow(times, size, &times) || times > UINT32_MAX)
			return -1;
		return times;
	}
	return -1;
}

uint32_t kbtf_find(const struct kbtf *btf, uint32_t kind, const char *name)
{
	for (uint32_t id = 1; id < btf->count; id++) {
		const struct btf_type *t = kbtf_type(btf, id);

		if (kbtf_kind(t) == kind && strcmp(kbtf_name(btf, t), name) == 0)
			return id;
	}
	return 0;
}
