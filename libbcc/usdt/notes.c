/*
 * Reads .note.stapsdt with libelf. The file may be anything a traced process has mapped: sections
 * are read, not mapped, every text is followed only to the end of its note, and every address must
 * lie in a part of the file that is loaded.
 */
#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "usdt/notes.h"

#define OWNER "stapsdt"
#define NOTE_TYPE 3

static uint64_t read_word(const unsigned char *p, size_t word)
{
	uint64_t wide;
	uint32_t narrow;

	if (word == sizeof(narrow)) {
		memcpy(&narrow, p, sizeof(narrow));
		return narrow;
	}
	memcpy(&wide, p, sizeof(wide));
	return wide;
}

/* The text at *at, which moves behind it; NULL when it does not end before end. */
static const char *read_text(const char **at, const char *end)
{
	const char *text = *at, *zero = text < end ? memchr(text, 0, end - text) : NULL;

	if (!zero)
		return NULL;
	*at = zero + 1;
	return text;
}

bool usdt_note_parse(const void *desc, size_t size, size_t word, struct usdt_note *out)
{
	const unsigned char *words = desc;
	const char *at = (const char *)desc + 3 * word, *end = (const char *)desc + size;

	if (size < 3 * word)
		return false;
	out->address = read_word(words, word);
	out->base = read_word(words + word, word);
	out->semaphore = read_word(words + 2 * word, word);
	out->provider = read_text(&at, end);
	out->name = out->provider ? read_text(&at, end) : NULL;
	out->args = out->name ? read_text(&at, end) : NULL;
	return out->args && *out->provider && *out->name;
}

/* The file offset of an address in a loaded segment that has all of these flags. */
static bool to_offset(Elf *elf, uint64_t address, unsigned flags, uint64_t *offset)
{
	GElf_Phdr ph;
	size_t n;

	if (elf_getphdrnum(elf, &n))
		return false;
	for (size_t i = 0; i < n; i++)
		if (gelf_getphdr(elf, i, &ph) && ph.p_type == PT_LOAD &&
		    (ph.p_flags & flags) == flags && address >= ph.p_vaddr &&
		    address - ph.p_vaddr < ph.p_filesz) {
			*offset = address - ph.p_vaddr + ph.p_offset;
			return true;
		}
	return false;
}

/*
 * The section .stapsdt.base is where the linker put it, and the note says where it was when the
 * note was written: a tool that moved the file's addresses since (prelink) moved the section too.
 */
static void place_site(Elf *elf, const struct usdt_note *note, uint64_t base,
		       struct usdt_site *site)
{
	uint64_t moved = base && note->base ? base - note->base : 0;

	site->provider = note->provider;
	site->name = note->name;
	site->args = note->args;
	site->address = note->address + moved;
	if (!to_offset(elf, site->address, PF_X, &site->offset))
		site->fault = "its address lies outside of the file's code";
	else if (note->semaphore &&
		 !to_offset(elf, note->semaphore + moved, PF_W, &site->semaphore))
		site->fault = "its semaphore lies outside of the file's data";
}

static int add_site(struct usdt_notes *notes, const struct usdt_note *note, uint64_t base)
{
	/* Doubling: there is room when n is not a power of two. */
	if (!(notes->n & (notes->n - 1))) {
		size_t room = notes->n ? 2 * notes->n : 1;
		struct usdt_site *grown = realloc(notes->sites, room * sizeof(*grown));

		if (!grown)
			return -ENOMEM;
		notes->sites = grown;
	}
	notes->sites[notes->n] = (struct usdt_site){ 0 };
	place_site(notes->elf, note, base, &notes->sites[notes->n++]);
	return 0;
}

static int read_section(struct usdt_notes *notes, Elf_Scn *scn, uint64_t base)
{
	size_t word = gelf_getclass(notes->elf) == ELFCLASS32 ? 4 : 8;
	Elf_Data *data = elf_getdata(scn, NULL);
	size_t at = 0, next, name, desc;
	GElf_Nhdr nh;
	int err = 0;

	while (!err && data && (next = gelf_getnote(data, at, &nh, &name, &desc))) {
		const char *owner = (const char *)data->d_buf + name;
		struct usdt_note note;

		if (nh.n_type == NOTE_TYPE && nh.n_namesz == sizeof(OWNER) &&
		    !memcmp(owner, OWNER, sizeof(OWNER))) {
			if (usdt_note_parse((const char *)data->d_buf + desc, nh.n_descsz, word,
					    &note))
				err = add_site(notes, &note, base);
			else
				notes->n_malformed++;
		}
		at = next;
	}
	return err;
}

static const char *section_name(Elf *elf, GElf_Shdr *sh)
{
	size_t names;
	const char *name = elf_getshdrstrndx(elf, &names) ? NULL :
			   elf_strptr(elf, names, sh->sh_name);

	return name ? name : "";
}

static int read_notes(struct usdt_notes *notes)
{
	Elf_Scn *scn = NULL;
	uint64_t base = 0;
	GElf_Shdr sh;
	int err = 0;

	notes->is_stripped = true;
	while ((scn = elf_nextscn(notes->elf, scn))) {
		if (!gelf_getshdr(scn, &sh))
			continue;
		if (sh.sh_type == SHT_SYMTAB)
			notes->is_stripped = false;
		if (!strcmp(section_name(notes->elf, &sh), ".stapsdt.base"))
			base = sh.sh_addr;
	}
	while (!err && (scn = elf_nextscn(notes->elf, scn)))
		if (gelf_getshdr(scn, &sh) && sh.sh_type == SHT_NOTE &&
		    !strcmp(section_name(notes->elf, &sh), ".note.stapsdt"))
			err = read_section(notes, scn, base);
	return err;
}

int usdt_notes_open(const char *path, struct usdt_notes *out)
{
	static const int order = __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? ELFDATA2LSB :
									     ELFDATA2MSB;
	struct stat st;
	const char *ident;
	int err = -ENOEXEC;

	*out = (struct usdt_notes){ .fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) };
	if (out->fd < 0)
		return -errno;
	if (!fstat(out->fd, &st) && S_ISREG(st.st_mode) && elf_version(EV_CURRENT) != EV_NONE)
		out->elf = elf_begin(out->fd, ELF_C_READ, NULL);
	ident = out->elf && elf_kind(out->elf) == ELF_K_ELF ? elf_getident(out->elf, NULL) : NULL;
	if (ident && ident[EI_DATA] == order)
		err = read_notes(out);
	if (err)
		usdt_notes_close(out);
	return err;
}

void usdt_notes_close(struct usdt_notes *notes)
{
	free(notes->sites);
	elf_end(notes->elf);
	if (notes->fd >= 0)
		close(notes->fd);
	*notes = (struct usdt_notes){ .fd = -1 };
}

/* Looks through one symbol table. *n counts the different addresses that the name has. */
static void scan_symbols(Elf *elf, Elf_Scn *scn, const char *name, size_t size, uint64_t *address,
			 unsigned *n)
{
	Elf_Data *data = elf_getdata(scn, NULL);
	GElf_Shdr sh;
	GElf_Sym sym;

	if (!data || !gelf_getshdr(scn, &sh))
		return;
	for (int i = 0; gelf_getsym(data, i, &sym); i++) {
		const char *text;

		if (sym.st_shndx == SHN_UNDEF || GELF_ST_TYPE(sym.st_info) == STT_TLS ||
		    GELF_ST_TYPE(sym.st_info) == STT_FILE ||
		    GELF_ST_TYPE(sym.st_info) == STT_SECTION)
			continue;
		text = elf_strptr(elf, sh.sh_link, sym.st_name);
		if (!text || strncmp(text, name, size) || text[size])
			continue;
		if (!*n || *address != sym.st_value)
			(*n)++;
		*address = sym.st_value;
	}
}

bool usdt_symbol(const struct usdt_notes *notes, const char *name, size_t size, uint64_t *address)
{
	Elf_Scn *scn = NULL;
	unsigned n = 0;
	GElf_Shdr sh;

	while ((scn = elf_nextscn(notes->elf, scn)))
		if (gelf_getshdr(scn, &sh) &&
		    (sh.sh_type == SHT_SYMTAB || sh.sh_type == SHT_DYNSYM))
			scan_symbols(notes->elf, scn, name, size, address, &n);
	return n == 1;
}
