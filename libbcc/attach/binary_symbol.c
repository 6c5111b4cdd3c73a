/*
 * Finds functions in ELF files with libelf. The file may be anything a traced process has mapped:
 * only regular files are opened, sections are read rather than mapped so that a file that shrinks
 * meanwhile is an error and no signal, and every address is checked against the program headers.
 */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attach/binary.h"
#include "attach/near.h"

struct scan {
	const char *name;
	size_t length; /* of the name without its version */
	GElf_Sym found;
	bool has_found;
	struct near near;
};

/* Names in .symtab may carry their version: "memcpy@@GLIBC_2.14". */
static bool same_name(const struct scan *s, const char *name)
{
	return !strncmp(name, s->name, s->length) && (!name[s->length] || name[s->length] == '@');
}

static bool is_function(const GElf_Sym *sym)
{
	int type = GELF_ST_TYPE(sym->st_info);

	return sym->st_shndx != SHN_UNDEF && (type == STT_FUNC || type == STT_GNU_IFUNC);
}

static void scan_section(Elf *elf, Elf_Scn *scn, struct scan *s, bool want_near)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	GElf_Shdr sh;
	GElf_Sym sym;

	if (!data || !gelf_getshdr(scn, &sh))
		return;
	for (int i = 0; gelf_getsym(data, i, &sym); i++) {
		const char *name;

		if (!is_function(&sym))
			continue;
		name = elf_strptr(elf, sh.sh_link, sym.st_name);
		if (!name || !*name)
			continue;
		if (want_near) {
			near_add(&s->near, name);
		} else if (same_name(s, name)) {
			/* A strong definition is what a call reaches. */
			if (!s->has_found || GELF_ST_BIND(sym.st_info) == STB_GLOBAL)
				s->found = sym;
			s->has_found = true;
		}
	}
}

static void scan(Elf *elf, struct scan *s, bool want_near)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;

	while ((scn = elf_nextscn(elf, scn)) && (want_near || !s->has_found))
		if (gelf_getshdr(scn, &sh) &&
		    (sh.sh_type == SHT_SYMTAB || sh.sh_type == SHT_DYNSYM))
			scan_section(elf, scn, s, want_near);
}

/* The file offset of a virtual address in the code. */
static int to_offset(Elf *elf, uint64_t address, uint64_t *offset)
{
	GElf_Phdr ph;
	size_t n;

	if (elf_getphdrnum(elf, &n))
		return -ENOEXEC;
	for (size_t i = 0; i < n; i++)
		if (gelf_getphdr(elf, i, &ph) && ph.p_type == PT_LOAD && (ph.p_flags & PF_X) &&
		    address >= ph.p_vaddr && address - ph.p_vaddr < ph.p_filesz) {
			*offset = address - ph.p_vaddr + ph.p_offset;
			return 0;
		}
	return -ERANGE;
}

static int find(Elf *elf, const char *name, uint64_t address, struct binary_symbol *out)
{
	struct scan s = { .name = name };

	if (!name)
		return to_offset(elf, address, &out->offset);
	s.length = strcspn(name, "@");
	scan(elf, &s, false);
	if (!s.has_found) {
		near_begin(&s.near, name, s.length);
		scan(elf, &s, true);
		out->near = near_end(&s.near);
		return -ENOENT;
	}
	out->is_indirect = GELF_ST_TYPE(s.found.st_info) == STT_GNU_IFUNC;
	return to_offset(elf, s.found.st_value, &out->offset);
}

int binary_symbol(const char *path, const char *name, uint64_t address, struct binary_symbol *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	Elf *elf;
	int err;

	*out = (struct binary_symbol){ 0 };
	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) || !S_ISREG(st.st_mode) || elf_version(EV_CURRENT) == EV_NONE) {
		close(fd);
		return -ENOEXEC;
	}
	elf = elf_begin(fd, ELF_C_READ, NULL);
	err = elf && elf_kind(elf) == ELF_K_ELF ? find(elf, name, address, out) : -ENOEXEC;
	elf_end(elf);
	close(fd);
	return err;
}
