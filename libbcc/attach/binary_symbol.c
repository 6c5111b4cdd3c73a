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

/* One walk over the functions of a file: what is done with each, until it says no. */
struct scan {
	bool (*visit)(struct scan *s, const GElf_Sym *sym, const char *name);
	bool done;
	/* For one function. */
	const char *name;
	size_t length; /* of the name without its version */
	GElf_Sym found;
	bool has_found;
	struct near near;
	/* For all of them. */
	binary_function_fn each;
	void *data;
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

/* A strong definition is what a call reaches. */
static bool take_same(struct scan *s, const GElf_Sym *sym, const char *name)
{
	if (same_name(s, name)) {
		if (!s->has_found || GELF_ST_BIND(sym->st_info) == STB_GLOBAL)
			s->found = *sym;
		s->has_found = true;
	}
	return true;
}

static bool take_near(struct scan *s, const GElf_Sym *sym, const char *name)
{
	(void)sym;
	near_add(&s->near, name);
	return true;
}

static bool take_each(struct scan *s, const GElf_Sym *sym, const char *name)
{
	(void)sym;
	return s->each(s->data, name);
}

static void scan_section(Elf *elf, Elf_Scn *scn, struct scan *s)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	GElf_Shdr sh;
	GElf_Sym sym;

	if (!data || !gelf_getshdr(scn, &sh))
		return;
	for (int i = 0; !s->done && gelf_getsym(data, i, &sym); i++) {
		const char *name;

		if (!is_function(&sym))
			continue;
		name = elf_strptr(elf, sh.sh_link, sym.st_name);
		if (name && *name)
			s->done = !s->visit(s, &sym, name);
	}
}

static void scan(Elf *elf, struct scan *s)
{
	Elf_Scn *scn = NULL;
	GElf_Shdr sh;

	while (!s->done && !s->has_found && (scn = elf_nextscn(elf, scn)))
		if (gelf_getshdr(scn, &sh) &&
		    (sh.sh_type == SHT_SYMTAB || sh.sh_type == SHT_DYNSYM))
			scan_section(elf, scn, s);
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
	struct scan s = { .visit = take_same, .name = name };

	if (!name)
		return to_offset(elf, address, &out->offset);
	s.length = strcspn(name, "@");
	scan(elf, &s);
	if (!s.has_found) {
		near_begin(&s.near, name, s.length);
		s.visit = take_near;
		scan(elf, &s);
		out->near = near_end(&s.near);
		return -ENOENT;
	}
	out->is_indirect = GELF_ST_TYPE(s.found.st_info) == STT_GNU_IFUNC;
	return to_offset(elf, s.found.st_value, &out->offset);
}

/* A regular file as ELF; fd stays with the caller. */
static int open_elf(const char *path, int *fd, Elf **elf)
{
	struct stat st;

	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (*fd < 0)
		return -errno;
	if (!fstat(*fd, &st) && S_ISREG(st.st_mode) && elf_version(EV_CURRENT) != EV_NONE) {
		*elf = elf_begin(*fd, ELF_C_READ, NULL);
		if (*elf && elf_kind(*elf) == ELF_K_ELF)
			return 0;
		elf_end(*elf);
	}
	close(*fd);
	return -ENOEXEC;
}

int binary_symbol(const char *path, const char *name, uint64_t address, struct binary_symbol *out)
{
	int fd, err;
	Elf *elf;

	*out = (struct binary_symbol){ 0 };
	err = open_elf(path, &fd, &elf);
	if (err)
		return err;
	err = find(elf, name, address, out);
	elf_end(elf);
	close(fd);
	return err;
}

int binary_each_function(const char *path, binary_function_fn fn, void *data)
{
	struct scan s = { .visit = take_each, .each = fn, .data = data };
	int fd, err;
	Elf *elf;

	err = open_elf(path, &fd, &elf);
	if (err)
		return err;
	scan(elf, &s);
	elf_end(elf);
	close(fd);
	return 0;
}
