/*
 * A reader of .BTF.ext line information. The object may come from a cache or be cut short, so every
 * offset is checked before it is followed: at() is the only way to bytes. Only what the BPF
 * target produces is understood: 64-bit ELF of this machine's byte order.
 */
#include <elf.h>
#include <errno.h>
#include <string.h>

#include <linux/btf.h>

#include "object/lineinfo.h"

/* Not in any uapi header. Both are fixed parts of longer headers that give their own length. */
struct btf_ext_head {
	uint16_t magic;
	uint8_t version;
	uint8_t flags;
	uint32_t hdr_len;
	uint32_t func_info_off, func_info_len;
	uint32_t line_info_off, line_info_len;
};

struct line_section {
	uint32_t name;
	uint32_t count;
};

struct line_record {
	uint32_t offset; /* in bytes from the section's start */
	uint32_t file;
	uint32_t text;
	uint32_t line_column; /* line << 10 | column */
};

/* size bytes at offset, or NULL when they are not all there. */
static const void *at(struct bytes b, uint64_t offset, uint64_t size)
{
	return offset > b.size || size > b.size - offset ? NULL : b.at + offset;
}

static struct bytes part(struct bytes b, uint64_t offset, uint64_t size)
{
	const void *p = at(b, offset, size);

	return p ? (struct bytes){ p, size } : (struct bytes){ NULL, 0 };
}

/* A string that ends inside b, or "". */
static const char *string(struct bytes b, uint64_t offset)
{
	const char *p = at(b, offset, 1);

	return p && memchr(p, 0, b.size - offset) ? p : "";
}

static bool read_header(struct bytes object, Elf64_Ehdr *h)
{
	const void *p = at(object, 0, sizeof(*h));

	if (!p)
		return false;
	memcpy(h, p, sizeof(*h));
	return !memcmp(h->e_ident, ELFMAG, SELFMAG) && h->e_ident[EI_CLASS] == ELFCLASS64 &&
	       h->e_ident[EI_DATA] == (__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB :
										   ELFDATA2MSB) &&
	       h->e_shentsize == sizeof(Elf64_Shdr);
}

/* The i-th section header, and its bytes. */
static bool read_section(struct bytes object, const Elf64_Ehdr *h, unsigned i, Elf64_Shdr *sh,
			 struct bytes *body)
{
	const void *p;

	if (i >= h->e_shnum || h->e_shoff > object.size)
		return false;
	p = at(object, h->e_shoff + (uint64_t)i * sizeof(*sh), sizeof(*sh));
	if (!p)
		return false;
	memcpy(sh, p, sizeof(*sh));
	*body = sh->sh_type == SHT_NOBITS ? (struct bytes){ NULL, 0 } :
					    part(object, sh->sh_offset, sh->sh_size);
	return true;
}

static const char *section_name(struct bytes object, const Elf64_Ehdr *h, const Elf64_Shdr *sh)
{
	struct bytes names;
	Elf64_Shdr table;

	return read_section(object, h, h->e_shstrndx, &table, &names) ? string(names, sh->sh_name) :
									"";
}

struct bytes elf_section(struct bytes object, const char *name)
{
	struct bytes body;
	Elf64_Ehdr h;
	Elf64_Shdr sh;

	if (!read_header(object, &h))
		return (struct bytes){ NULL, 0 };
	for (unsigned i = 1; read_section(object, &h, i, &sh, &body); i++)
		if (!strcmp(section_name(object, &h, &sh), name))
			return body;
	return (struct bytes){ NULL, 0 };
}

bool elf_functions(struct bytes object, elf_function_fn fn, void *data)
{
	struct bytes symbols, names, body;
	Elf64_Shdr sh, owner, strtab;
	Elf64_Ehdr h;
	Elf64_Sym sym;

	if (!read_header(object, &h))
		return false;
	for (unsigned i = 1; read_section(object, &h, i, &sh, &symbols); i++) {
		if (sh.sh_type != SHT_SYMTAB ||
		    !read_section(object, &h, sh.sh_link, &strtab, &names))
			continue;
		for (size_t off = 0; at(symbols, off, sizeof(sym)); off += sizeof(sym)) {
			struct elf_function f;

			memcpy(&sym, symbols.at + off, sizeof(sym));
			if (ELF64_ST_TYPE(sym.st_info) != STT_FUNC ||
			    !read_section(object, &h, sym.st_shndx, &owner, &body) ||
			    !at(body, sym.st_value, sym.st_size))
				continue;
			f.name = string(names, sym.st_name);
			f.section = section_name(object, &h, &owner);
			f.offset = sym.st_value;
			f.size = sym.st_size;
			if (fn(data, &f))
				return true;
		}
	}
	return false;
}

static int open_strings(struct lineinfo *li)
{
	struct bytes btf = elf_section(li->object, ".BTF");
	struct btf_header h;
	const void *p = at(btf, 0, sizeof(h));

	if (!btf.at)
		return -ENOENT;
	if (!p)
		return -EINVAL;
	memcpy(&h, p, sizeof(h));
	if (h.magic != BTF_MAGIC)
		return -EINVAL;
	li->strings = part(btf, (uint64_t)h.hdr_len + h.str_off, h.str_len);
	return li->strings.at ? 0 : -EINVAL;
}

int lineinfo_open(const void *object, size_t size, struct lineinfo *out)
{
	struct lineinfo li = { .object = { object, size } };
	struct btf_ext_head h;
	struct bytes ext;
	const void *p;
	int err;

	err = open_strings(&li);
	if (err)
		return err;
	ext = elf_section(li.object, ".BTF.ext");
	if (!ext.at)
		return -ENOENT;
	p = at(ext, 0, sizeof(h));
	if (!p)
		return -EINVAL;
	memcpy(&h, p, sizeof(h));
	if (h.magic != BTF_MAGIC)
		return -EINVAL;
	li.lines = part(ext, (uint64_t)h.hdr_len + h.line_info_off, h.line_info_len);
	if (!li.lines.at)
		return -EINVAL;
	*out = li;
	return 0;
}

/* The last record at or before the offset. The compiler writes them in ascending order. */
static bool find_record(struct bytes records, uint32_t stride, uint64_t offset,
			struct line_record *out)
{
	struct line_record r;
	bool found = false;

	for (uint64_t at_byte = 0; at(records, at_byte, stride); at_byte += stride) {
		memcpy(&r, records.at + at_byte, sizeof(r));
		if (r.offset > offset || !(r.line_column >> 10)) /* line 0: nobody wrote it */
			continue;
		if (!found || r.offset >= out->offset)
			*out = r;
		found = true;
	}
	return found;
}

bool lineinfo_find(const struct lineinfo *li, const char *section, uint64_t offset,
		   struct place *out)
{
	struct line_section head;
	struct line_record r;
	uint64_t pos = sizeof(uint32_t);
	uint32_t stride;

	if (!at(li->lines, 0, sizeof(stride)))
		return false;
	memcpy(&stride, li->lines.at, sizeof(stride));
	if (stride < sizeof(r))
		return false;
	while (at(li->lines, pos, sizeof(head))) {
		struct bytes records;

		memcpy(&head, li->lines.at + pos, sizeof(head));
		pos += sizeof(head);
		records = part(li->lines, pos, (uint64_t)head.count * stride);
		if (!records.at)
			return false;
		pos += records.size;
		if (strcmp(string(li->strings, head.name), section) ||
		    !find_record(records, stride, offset, &r))
			continue;
		out->file = string(li->strings, r.file);
		out->text = string(li->strings, r.text);
		out->line = r.line_column >> 10;
		out->column = r.line_column & 0x3ff;
		return true;
	}
	return false;
}
