/*
 * The fields of a tracepoint as tracefs's format file tells them. The text of the types is C as the
 * kernel's macros left it; it is taken apart here into what C needs to say it again.
 */
#ifndef BCC_KERNEL_FORMAT_H
#define BCC_KERNEL_FORMAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum field_kind {
	FIELD_C,        /* base is of C's own words: "unsigned int" */
	FIELD_TYPEDEF,  /* base is a typedef */
	FIELD_TAG,      /* base is what follows keyword: struct, union, enum */
	FIELD_DATA_LOC, /* a word that tells where in the record the data is */
	FIELD_REL_LOC,  /* the same, counted from the end of that word */
	FIELD_UNKNOWN,  /* bytes */
	FIELD_BTF,      /* not from a format file: of BTF type btf */
};

struct field {
	enum field_kind kind;
	bool is_const;
	bool is_signed;      /* as the format says */
	bool user, percpu;   /* the address space that a pointer leads to */
	bool is_array;
	const char *keyword; /* struct, union, enum */
	char *base;
	char *stars;         /* "", "*", "*const *" */
	char *name;
	char *dimensions;    /* "", "[16]", "[4][2]", "[TASK_COMM_LEN]" */
	uint32_t offset;
	uint32_t size;
	uint32_t btf;
};

struct format {
	struct field *fields;
	size_t count;
	uint32_t common_end; /* where the fields that all events share end */
};

/* Lines that are not fields, or not understood, are left out. -ENOMEM is the only error. */
int format_parse(const char *text, struct format *out);
/* A new last field, NULL when memory ran out. */
struct field *format_add(struct format *format);
void format_free(struct format *format);

#endif
