/*
 * The registers of this architecture: under which names operands know them, and where the kernel's
 * struct pt_regs has them, which is what a BPF program gets.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <asm/ptrace.h>

#include "usdt/args.h"

struct name {
	char text[6];
	short offset;
};

#if defined(__x86_64__)

#define AT(member) offsetof(struct pt_regs, member)
/* The old registers have names for their parts; %ah is the second byte. */
#define WORD(l, member) \
	{ "r" l "x", AT(member) }, { "e" l "x", AT(member) }, { l "x", AT(member) }, \
	{ l "l", AT(member) }, { l "h", AT(member) + 1 }
#define POINTER(l, member) \
	{ "r" l, AT(member) }, { "e" l, AT(member) }, { l, AT(member) }, { l "l", AT(member) }
#define NUMBERED(n) \
	{ "r" #n, AT(r##n) }, { "r" #n "d", AT(r##n) }, { "r" #n "w", AT(r##n) }, \
	{ "r" #n "b", AT(r##n) }

static const struct name names[] = {
	WORD("a", rax), WORD("b", rbx), WORD("c", rcx), WORD("d", rdx),
	POINTER("si", rsi), POINTER("di", rdi), POINTER("bp", rbp), POINTER("sp", rsp),
	NUMBERED(8), NUMBERED(9), NUMBERED(10), NUMBERED(11),
	NUMBERED(12), NUMBERED(13), NUMBERED(14), NUMBERED(15),
	{ "rip", AT(rip) }, { "eip", AT(rip) },
};

int usdt_instruction_pointer(void)
{
	return AT(rip);
}

static bool numbered(const char *name, int *offset)
{
	(void)name;
	(void)offset;
	return false;
}

#elif defined(__aarch64__)

#define AT(member) offsetof(struct user_pt_regs, member)

static const struct name names[] = { { "sp", AT(sp) }, { "pc", AT(pc) }, { "lr", AT(regs[30]) } };

int usdt_instruction_pointer(void)
{
	return AT(pc);
}

static bool numbered(const char *name, int *offset)
{
	unsigned n;
	char rest;

	if (sscanf(name, "x%2u%c", &n, &rest) != 1 && sscanf(name, "w%2u%c", &n, &rest) != 1)
		return false;
	*offset = (int)(AT(regs) + n * sizeof(((struct user_pt_regs *)0)->regs[0]));
	return n <= 30;
}

#elif defined(__s390x__)

#define AT(member) offsetof(user_pt_regs, member)

static const struct name names[] = { { "pc", AT(psw.addr) } };

int usdt_instruction_pointer(void)
{
	return AT(psw.addr);
}

static bool numbered(const char *name, int *offset)
{
	unsigned n;
	char rest;

	if (sscanf(name, "r%2u%c", &n, &rest) != 1)
		return false;
	*offset = (int)(AT(gprs) + n * sizeof(((user_pt_regs *)0)->gprs[0]));
	return n <= 15;
}

#elif defined(__riscv)

#define AT(member) offsetof(struct user_regs_struct, member)

static const struct name names[] = {
	{ "pc", AT(pc) }, { "ra", AT(ra) }, { "sp", AT(sp) }, { "gp", AT(gp) }, { "tp", AT(tp) },
	{ "a0", AT(a0) }, { "a1", AT(a1) }, { "a2", AT(a2) }, { "a3", AT(a3) },
	{ "a4", AT(a4) }, { "a5", AT(a5) }, { "a6", AT(a6) }, { "a7", AT(a7) },
	{ "s0", AT(s0) }, { "s1", AT(s1) }, { "s2", AT(s2) }, { "s3", AT(s3) },
	{ "s4", AT(s4) }, { "s5", AT(s5) }, { "s6", AT(s6) }, { "s7", AT(s7) },
	{ "s8", AT(s8) }, { "s9", AT(s9) }, { "s10", AT(s10) }, { "s11", AT(s11) },
	{ "t0", AT(t0) }, { "t1", AT(t1) }, { "t2", AT(t2) }, { "t3", AT(t3) },
	{ "t4", AT(t4) }, { "t5", AT(t5) }, { "t6", AT(t6) },
};

int usdt_instruction_pointer(void)
{
	return AT(pc);
}

static bool numbered(const char *name, int *offset)
{
	(void)name;
	(void)offset;
	return false;
}

#else

/* No register is known: only constants can be read. */
static const struct name names[] = { { "", 0 } };

int usdt_instruction_pointer(void)
{
	return -1;
}

static bool numbered(const char *name, int *offset)
{
	(void)name;
	(void)offset;
	return false;
}

#endif

bool usdt_register(const char *name, size_t size, int *offset)
{
	char text[sizeof(names[0].text)];

	if (!size || size >= sizeof(text))
		return false;
	memcpy(text, name, size);
	text[size] = '\0';
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!strcmp(names[i].text, text)) {
			*offset = names[i].offset;
			return true;
		}
	return numbered(text, offset);
}
