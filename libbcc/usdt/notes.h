/*
 * The statically defined probes of a program or library: the notes that <sys/sdt.h> leaves in its
 * section .note.stapsdt. One probe has a note for each place where the compiler put it.
 */
#ifndef BCC_USDT_NOTES_H
#define BCC_USDT_NOTES_H

#include <libelf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct usdt_site {
	const char *provider, *name;
	const char *args;      /* where the arguments are, as the compiler wrote it: see args.h */
	uint64_t address;      /* virtual, as the file has it */
	uint64_t offset;       /* of the instruction in the file */
	uint64_t semaphore;    /* the offset of the probe's counter of users; 0: it has none */
	const char *fault;     /* why no probe can be put there; NULL when one can */
};

struct usdt_notes {
	int fd;
	Elf *elf; /* the sites' texts are in it */
	struct usdt_site *sites;
	size_t n;
	size_t n_malformed; /* notes that make no sense */
	bool is_stripped;   /* there is no symbol table (there may be probes all the same) */
};

/* -ENOENT and its like: the file cannot be opened; -ENOEXEC: it is no ELF file of this machine's
 * byte order. A file without probes is no error. */
int usdt_notes_open(const char *path, struct usdt_notes *out);
void usdt_notes_close(struct usdt_notes *notes);

/* The address of a variable of the same file; false when there is not exactly one of that name. */
bool usdt_symbol(const struct usdt_notes *notes, const char *name, size_t size, uint64_t *address);

/* One note's descriptor: three addresses of word bytes each, then three texts. */
struct usdt_note {
	uint64_t address, base, semaphore;
	const char *provider, *name, *args; /* in the descriptor */
};
bool usdt_note_parse(const void *desc, size_t size, size_t word, struct usdt_note *out);

#endif
