/*
 * One parser for all architectures: they differ in the names of registers (registers.c), and their
 * operands are told apart by how they begin.
 *
 *   $5  5            a constant (x86 writes a dollar)
 *   %eax  x0         a register
 *   -8(%rbp)  8(a0)  memory; x86 has an index and a scale too: 16(%rax,%rbx,8)
 *   x+4(%rip)        a variable
 *   [x0, 8]  [sp]    memory on arm64
 *
 * The text comes from a file that is not trusted. What is not understood becomes an argument that
 * cannot be read, and the others still can.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "usdt/args.h"

/* A range of the text. */
struct span {
	const char *at, *end;
};

static void trim(struct span *s)
{
	while (s->at < s->end && isspace((unsigned char)*s->at))
		s->at++;
	while (s->at < s->end && isspace((unsigned char)s->end[-1]))
		s->end--;
}

static size_t length(const struct span *s)
{
	return (size_t)(s->end - s->at);
}

/* A whole number that fills the span. */
static bool number(struct span s, int64_t *out)
{
	char text[32], *end;

	trim(&s);
	if (s.at == s.end || length(&s) >= sizeof(text))
		return false;
	memcpy(text, s.at, length(&s));
	text[length(&s)] = '\0';
	if (!isdigit((unsigned char)text[strspn(text, "+-")]))
		return false;
	errno = 0;
	/* Constants may be written as unsigned: 18446744073709551615 is -1. */
	*out = text[0] == '-' ? strtoll(text, &end, 0) : (int64_t)strtoull(text, &end, 0);
	return !errno && !*end;
}

static bool register_named(struct span s, int *offset)
{
	trim(&s);
	if (s.at < s.end && *s.at == '%')
		s.at++;
	return usdt_register(s.at, length(&s), offset);
}

/* The part before the next comma, which s then begins behind. */
static struct span next_part(struct span *s)
{
	const char *comma = memchr(s->at, ',', length(s));
	struct span part = { s->at, comma ? comma : s->end };

	s->at = comma ? comma + 1 : s->end;
	return part;
}

/* "symbol", "symbol+8", "8+symbol" in front of (%rip). */
static void parse_variable(struct span s, struct usdt_arg *arg)
{
	const char *p, *sign;

	trim(&s);
	if (s.at == s.end || isdigit((unsigned char)*s.at) || strchr("+-(", *s.at))
		return; /* an address without a name: nothing says what it is relative to */
	for (p = s.at; p < s.end && (isalnum((unsigned char)*p) || strchr("_.$@", *p)); p++)
		;
	sign = p;
	if (sign < s.end && !number((struct span){ sign, s.end }, &arg->value))
		return;
	arg->symbol = s.at;
	arg->symbol_size = (size_t)(p - s.at);
	arg->where = USDT_VARIABLE;
}

/* DISPLACEMENT(BASE[,INDEX[,SCALE]]) */
static void parse_memory(struct span s, const char *open, struct usdt_arg *arg)
{
	struct span inside = { open + 1, s.end - 1 }, before = { s.at, open }, part;
	bool indexed = false;
	int64_t scale = 1;

	part = next_part(&inside);
	if (!register_named(part, &arg->base))
		return;
	if (arg->base == usdt_instruction_pointer()) {
		if (inside.at == inside.end)
			parse_variable(before, arg);
		return;
	}
	if (inside.at < inside.end) {
		indexed = true;
		if (!register_named(next_part(&inside), &arg->index))
			return;
		if (inside.at < inside.end && !number(inside, &scale))
			return;
		if (scale != 1 && scale != 2 && scale != 4 && scale != 8)
			return;
		arg->shift = (unsigned)__builtin_ctz((unsigned)scale);
	}
	trim(&before);
	if (before.at < before.end && !number(before, &arg->value))
		return;
	arg->where = indexed ? USDT_INDEXED : USDT_MEMORY;
}

/* [BASE] and [BASE, DISPLACEMENT]; other forms of arm64 are not written by compilers here. */
static void parse_brackets(struct span s, struct usdt_arg *arg)
{
	struct span inside = { s.at + 1, s.end - 1 };

	if (!register_named(next_part(&inside), &arg->base))
		return;
	if (inside.at < inside.end) {
		trim(&inside);
		if (inside.at < inside.end && *inside.at == '#')
			inside.at++;
		if (!number(inside, &arg->value))
			return;
	}
	arg->where = USDT_MEMORY;
}

static void parse_place(struct span s, struct usdt_arg *arg)
{
	struct span constant = s;
	const char *open;

	if (s.at == s.end)
		return;
	open = s.end[-1] == ')' ? memchr(s.at, '(', length(&s)) : NULL;
	constant.at += *s.at == '$';
	if (*s.at == '[' && s.end[-1] == ']' && length(&s) > 2)
		parse_brackets(s, arg);
	else if (open)
		parse_memory(s, open, arg);
	else if (number(constant, &arg->value))
		arg->where = USDT_CONSTANT;
	else if (register_named(s, &arg->base))
		arg->where = USDT_REGISTER;
}

/* "-4", "8", "8f" in front of the @; a floating point number is its bits. */
static bool parse_size(struct span s, struct usdt_arg *arg)
{
	int64_t size;

	if (s.at < s.end && s.end[-1] == 'f')
		s.end--;
	if (!number(s, &size))
		return false;
	arg->is_signed = size < 0;
	size = size < 0 ? -size : size;
	arg->size = (unsigned)size;
	return size == 1 || size == 2 || size == 4 || size == 8;
}

/* Where an argument ends: at a blank outside of brackets. */
static const char *end_of_argument(const char *p)
{
	int depth = 0;

	for (; *p && (depth > 0 || !isspace((unsigned char)*p)); p++)
		depth += (*p == '[' || *p == '(') - (*p == ']' || *p == ')');
	return p;
}

static void parse_argument(struct span s, struct usdt_arg *arg)
{
	const char *at = memchr(s.at, '@', length(&s));

	*arg = (struct usdt_arg){ .size = 8, .text = s.at, .text_size = length(&s) };
	if (at && parse_size((struct span){ s.at, at }, arg))
		parse_place((struct span){ at + 1, s.end }, arg);
}

size_t usdt_args_parse(const char *text, struct usdt_arg out[USDT_MAX_ARGS])
{
	const char *p = text;
	size_t n = 0;

	for (;;) {
		struct span s;

		while (isspace((unsigned char)*p))
			p++;
		if (!*p || n == USDT_MAX_ARGS)
			return n;
		s = (struct span){ p, end_of_argument(p) };
		parse_argument(s, &out[n++]);
		p = s.end;
	}
}
