/*
 * The functions of an ELF file with libelf. The file may be anything that a process has mapped: only
 * regular files are opened, and sections are read rather than mapped, so that a file that shrinks
 * meanwhile is an error and no signal.
 */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <string.h>
#include <unistd.h>

#include "symbol/symbol.h"

#define VDSO_MAX (1u << 20)

/* The place of a virtual address in the file, if it is in the code. */
static bool file_offset(Elf *elf, size_t n, uint64_t address, uint64_t *offset)
{
	GElf_Phdr ph;

	for (size_t i = 0; i < n; i++)
		if (gelf_getphdr(elf, (int)i, &ph) && ph.p_type == PT_LOAD && (ph.p_flags & PF_X) &&
		    address >= ph.p_vaddr && address - ph.p_vaddr < ph.p_filesz) {
			*offset = address - ph.p_vaddr + ph.p_offset;
			return true;
		}
	return false;
}

static bool is_function(const GElf_Sym *sym)
{
	int type = GELF_ST_TYPE(sym->st_info);

	return sym->st_shndx != SHN_UNDEF && sym->st_value &&
	       (type == STT_FUNC || type == STT_GNU_IFUNC);
}

static void add_section(Elf *elf, Elf_Scn *scn, size_t n_headers, struct symbol_list *out)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	GElf_Shdr sh;
	GElf_Sym sym;

	if (!data || !gelf_getshdr(scn, &sh))
		return;
	for (int i = 0; gelf_getsym(data, i, &sym); i++) {
		struct symbol_entry entry = { .size = sym.st_size };
		const char *name;

		if (!is_function(&sym))
			continue;
		name = elf_strptr(elf, sh.sh_link, sym.st_name);
		if (!name || !*name || !file_offset(elf, n_headers, sym.st_value, &entry.address))
			continue;
		/* ".symtab" may carry versions: "memcpy@@GLIBC_2.14". */
		entry.name = list_text(out, name, strcspn(name, "@"));
		list_add(out, &entry);
	}
}

int symbols_of_elf(Elf *elf, struct symbol_list *out)
{
	static const GElf_Word kinds[] = { SHT_DYNSYM, SHT_SYMTAB }; /* public names first */
	size_t n_headers;
	int err;

	if (!elf || elf_kind(elf) != ELF_K_ELF || elf_getphdrnum(elf, &n_headers))
		return -ENOEXEC;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		Elf_Scn *scn = NULL;
		GElf_Shdr sh;

		while ((scn = elf_nextscn(elf, scn)))
			if (gelf_getshdr(scn, &sh) && sh.sh_type == kinds[i])
				add_section(elf, scn, n_headers, out);
	}
	err = list_finish(out);
	if (err)
		list_free(out);
	return err;
}

int symbols_of_file(const char *path, struct symbol_list *out)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	int err = -ENOEXEC;
	Elf *elf;

	if (fd < 0)
		return -errno;
	if (!fstat(fd, &st) && S_ISREG(st.st_mode) && elf_version(EV_CURRENT) != EV_NONE) {
		elf = elf_begin(fd, ELF_C_READ, NULL);
		err = symbols_of_elf(elf, out);
		elf_end(elf);
	}
	close(fd);
	return err;
}

/* Where the section headers end: with the kernel's vDSO that is the end of the image. */
static size_t image_size(const void *image)
{
	const unsigned char *ident = image;
	uint64_t size;

	if (memcmp(ident, ELFMAG, SELFMAG))
		return 0;
	if (ident[EI_CLASS] == ELFCLASS64) {
		const Elf64_Ehdr *eh = image;

		size = eh->e_shoff + (uint64_t)eh->e_shnum * eh->e_shentsize;
	} else {
		const Elf32_Ehdr *eh = image;

		size = eh->e_shoff + (uint64_t)eh->e_shnum * eh->e_shentsize;
	}
	return size <= VDSO_MAX ? (size_t)size : 0;
}

int symbols_of_vdso(struct symbol_list *out)
{
	void *image = (void *)getauxval(AT_SYSINFO_EHDR);
	size_t size = image ? image_size(image) : 0;
	Elf *elf;
	int err;

	if (!size || elf_version(EV_CURRENT) == EV_NONE)
		return -ENOENT;
	elf = elf_memory(image, size);
	err = symbols_of_elf(elf, out);
	elf_end(elf);
	return err;
}
