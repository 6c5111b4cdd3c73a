/*
 * Where a probe's arguments are: the texts of notes, "SIZE@PLACE" separated by blanks, in which a
 * place is an operand as the architecture's assembler writes it.
 */
#ifndef BCC_USDT_ARGS_H
#define BCC_USDT_ARGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { USDT_MAX_ARGS = 12 };

enum usdt_where {
	USDT_UNREADABLE, /* not understood, or a register that no probe sees (floating point) */
	USDT_CONSTANT,   /* value */
	USDT_REGISTER,   /* base */
	USDT_MEMORY,     /* at base + value */
	USDT_INDEXED,    /* at base + (index << shift) + value */
	USDT_VARIABLE,   /* at symbol + value, addressed relative to the instruction */
};

struct usdt_arg {
	enum usdt_where where;
	unsigned size; /* 1, 2, 4, 8 bytes */
	bool is_signed;
	int64_t value;
	int base, index; /* offsets in the kernel's struct pt_regs */
	unsigned shift;
	const char *symbol; /* in the text, not terminated */
	size_t symbol_size;
	const char *text;   /* the argument as written, not terminated */
	size_t text_size;
};

/* Returns how many arguments there are; more than USDT_MAX_ARGS are not looked at. */
size_t usdt_args_parse(const char *text, struct usdt_arg out[USDT_MAX_ARGS]);

/* registers.c: a general register's place in struct pt_regs; false when there is none so named. */
bool usdt_register(const char *name, size_t size, int *offset);
/* The instruction pointer's. */
int usdt_instruction_pointer(void);

#endif
