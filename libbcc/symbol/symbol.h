/*
 * The inside of the symbol room: a context's kernel symbols, files and processes, each read at first
 * use and kept.
 */
#ifndef BCC_SYMBOL_SYMBOL_H
#define BCC_SYMBOL_SYMBOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libelf.h>

/* A sorted list of named addresses. Names are offsets into one block of text, whose first byte is
 * a zero: offset 0 is "no name". */
struct symbol_list {
	struct symbol_entry {
		uint64_t address;
		uint64_t size; /* 0: up to the next one */
		uint32_t name;
		uint32_t module;
	} *entries;
	size_t n, cap;
	char *text;
	size_t text_size, text_cap;
	bool failed; /* memory ran out: list_finish() says so */
};

/* The offset of a copy of size bytes of text; 0 when memory ran out. */
uint32_t list_text(struct symbol_list *list, const char *text, size_t size);
void list_add(struct symbol_list *list, const struct symbol_entry *entry);
/* Sorts. -ENOMEM. */
int list_finish(struct symbol_list *list);
/* The entry that covers the address, or NULL; of several the first that was added. */
const struct symbol_entry *list_find(const struct symbol_list *list, uint64_t address);
void list_free(struct symbol_list *list);

/* kernel.c: reads a file like /proc/kallsyms, code and data. -EPERM: all addresses are zero, the
 * kernel hides them. */
int kallsyms_read(const char *path, struct symbol_list *out);

/* elf.c: the functions of an ELF file, by file offset, so that mappings need no program headers. */
int symbols_of_elf(Elf *elf, struct symbol_list *out);
int symbols_of_file(const char *path, struct symbol_list *out);
/* The functions of the vDSO that the kernel maps into every process. */
int symbols_of_vdso(struct symbol_list *out);

/* mappings.c */
struct mapping {
	uint64_t start, end, offset; /* offset: of start in the file */
	uint64_t device, inode;
	char *path; /* as the process sees it; NULL for memory without a file */
};

struct mappings {
	struct mappings *next;
	int pid;
	uint64_t started;  /* field 22 of /proc/PID/stat: tells a number's owners apart */
	uint64_t seen;     /* CLOCK_MONOTONIC ns, when that was looked at */
	uint64_t read;     /* ... when the mappings were read */
	struct mapping *mappings;
	size_t n;
};

/* The process's mappings as they are now, executable ones only. -ESRCH, -EACCES, -ENOMEM. */
int mappings_read(int pid, struct mappings **out);
/* When the process of this number began; 0: there is none. */
uint64_t process_start_time(int pid);
const struct mapping *mapping_find(const struct mappings *p, uint64_t address);
void mappings_free(struct mappings *p);

struct symbols {
	struct symbol_list kernel;
	bool has_kernel;
	struct symbol_file {
		struct symbol_file *next;
		uint64_t device, inode;
		struct symbol_list functions;
	} *files;
	struct symbol_list vdso;
	bool has_vdso;
	struct mappings *processes;
};

void symbols_free(struct symbols *s);

#endif
