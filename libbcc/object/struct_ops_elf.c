/*
 * Reads relocations of ".struct_ops" sections, and renames sections for libbpf; see struct_ops.h.
 * The object may come from anybody: libelf checks what it reads, and a name that does not end reads
 * as none.
 */
#include "object/struct_ops_elf.h"

#include <errno.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>

#include "object/struct_ops.h"

#define OPS_SECTION ".struct_ops"
#define LINK_SECTION ".struct_ops.link"

static Elf *open_elf(const void *object, size_t size)
{
	if (elf_version(EV_CURRENT) == EV_NONE)
		return NULL;
	/* Nothing is written through it: the call takes no const. */
	return elf_memory((char *)object, size);
}

static const char *section_name(Elf *elf, Elf_Scn *scn)
{
	GElf_Shdr sh;
	const char *name = NULL;
	size_t names;

	if (gelf_getshdr(scn, &sh) && !elf_getshdrstrndx(elf, &names))
		name = elf_strptr(elf, names, sh.sh_name);
	return name ? name : "";
}

static bool is_struct_ops(const char *section)
{
	return !strcmp(section, OPS_SECTION) || !strcmp(section, LINK_SECTION);
}

struct symbols {
	Elf *elf;
	Elf_Data *data;
	size_t strings;
};

static bool find_symbols(Elf *elf, struct symbols *out)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;

	while ((scn = elf_nextscn(elf, scn)))
		if (gelf_getshdr(scn, &sh) && sh.sh_type == SHT_SYMTAB) {
			*out = (struct symbols){ elf, elf_getdata(scn, NULL), sh.sh_link };
			return out->data != NULL;
		}
	return false;
}

/* The variable of a section that an offset is in, or NULL. */
static const char *variable_at(const struct symbols *s, size_t section, uint64_t offset)
{
	GElf_Sym sym;

	for (int i = 0; gelf_getsym(s->data, i, &sym); i++)
		if (sym.st_shndx == section && GELF_ST_TYPE(sym.st_info) == STT_OBJECT &&
		    offset >= sym.st_value && offset - sym.st_value < sym.st_size)
			return elf_strptr(s->elf, s->strings, sym.st_name);
	return NULL;
}

static bool walk_relocations(const struct symbols *s, Elf_Scn *scn, size_t target,
			     struct_ops_member_fn fn, void *data)
{
	Elf_Data *d = elf_getdata(scn, NULL);
	const char *name, *program;
	GElf_Rel rel;
	GElf_Sym sym;

	for (int i = 0; d && gelf_getrel(d, i, &rel); i++) {
		if (!gelf_getsym(s->data, GELF_R_SYM(rel.r_info), &sym) ||
		    GELF_ST_TYPE(sym.st_info) != STT_FUNC)
			continue;
		name = variable_at(s, target, rel.r_offset);
		program = elf_strptr(s->elf, s->strings, sym.st_name);
		if (name && program && !fn(data, name, program))
			return false;
	}
	return true;
}

void struct_ops_members(const void *object, size_t size, struct_ops_member_fn fn, void *data)
{
	Elf *elf = open_elf(object, size);
	struct symbols s;
	Elf_Scn *scn = NULL, *target;
	GElf_Shdr sh;

	if (!elf || !find_symbols(elf, &s))
		goto out;
	while ((scn = elf_nextscn(elf, scn))) {
		if (!gelf_getshdr(scn, &sh) || sh.sh_type != SHT_REL)
			continue;
		target = elf_getscn(elf, sh.sh_info);
		if (target && is_struct_ops(section_name(elf, target)) &&
		    !walk_relocations(&s, scn, sh.sh_info, fn, data))
			break;
	}
out:
	elf_end(elf);
}

/* --- names that libbpf 1.1 does not know --- */

/*
 * Puts words of the same length into a table of strings. Linkers and compilers let a string be the
 * end of a longer one, so what is changed is in front of any that others may have.
 */
static void rename_word(char *at, size_t size, const char *word, const char *new, size_t length)
{
	char *end = at + size;

	for (; (at = memmem(at, end - at, word, length)); at += length)
		memcpy(at, new, length);
}

#define RENAME(at, size, word, new) rename_word(at, size, word, new, sizeof(word))

static void rename_strings(char *at, size_t size, bool wanted)
{
	rename_word(at, size, "struct_ops.s/", "struct_ops/.s", 13);
	if (wanted) {
		RENAME(at, size, LINK_SECTION, ".struct_ops\0link");
	} else {
		RENAME(at, size, LINK_SECTION, "_struct_ops.link");
		RENAME(at, size, OPS_SECTION, "_struct_ops");
	}
}

/* The names of sections are in tables of strings and in the types. */
static void rename_sections(Elf *elf, char *copy, size_t size, bool wanted)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;

	while ((scn = elf_nextscn(elf, scn)))
		if (gelf_getshdr(scn, &sh) &&
		    (sh.sh_type == SHT_STRTAB || !strcmp(section_name(elf, scn), ".BTF")) &&
		    sh.sh_offset <= size && sh.sh_size <= size - sh.sh_offset)
			rename_strings(copy + sh.sh_offset, sh.sh_size, wanted);
}

int struct_ops_adapt(const void *object, size_t size, bool wanted, void **copy)
{
	Elf *elf;

	*copy = NULL;
	if (!memmem(object, size, "struct_ops", 10))
		return 0;
	*copy = malloc(size);
	if (!*copy)
		return -ENOMEM;
	memcpy(*copy, object, size);
	elf = open_elf(object, size);
	if (elf)
		rename_sections(elf, *copy, size, wanted);
	elf_end(elf);
	return 0;
}
