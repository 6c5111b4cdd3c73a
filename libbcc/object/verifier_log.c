/*
 * Reads the verifier's log, whose form changes with every kernel. Two things are wanted: the last
 * instruction that it looked at ("12: (79) r1 = *(u64 *)(r0 +0)") and the sentence in which it says
 * no. A sentence is what is left when instructions, register states, source comments and statistics
 * are taken away. The log may be cut anywhere, at its head (the kernel keeps the tail from 6.4 on)
 * or at its end (before).
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "object/verifier.h"

#define TAIL_LINES 12

struct line {
	const char *text;
	size_t size;
};

static bool begins(struct line l, const char *prefix)
{
	size_t n = strlen(prefix);

	return l.size >= n && !memcmp(l.text, prefix, n);
}

/* The digits at the start of a line; the number of them. */
static size_t digits(struct line l)
{
	size_t n = 0;

	while (n < l.size && n < 10 && isdigit((unsigned char)l.text[n]))
		n++;
	return n;
}

/* "12: (79) ..." gives 12, anything else -1. */
static long instruction(struct line l)
{
	size_t n = digits(l);

	if (!n || l.size < n + 6 || memcmp(l.text + n, ": (", 3) ||
	    !isxdigit((unsigned char)l.text[n + 3]) || !isxdigit((unsigned char)l.text[n + 4]) ||
	    l.text[n + 5] != ')')
		return -1;
	return strtol(l.text, NULL, 10);
}

/* A register state: "R1=ctx", "R0_w=inv", " frame1: R6=", "12: R1=". */
static bool is_state(struct line l)
{
	size_t n = digits(l);

	if (n && n < l.size && l.text[n] == ':')
		return true;
	if (l.size && isspace((unsigned char)l.text[0]))
		return true;
	if (l.size < 3 || l.text[0] != 'R' || !isdigit((unsigned char)l.text[1]))
		return false;
	for (n = 2; n < l.size && isdigit((unsigned char)l.text[n]);)
		n++;
	return n < l.size && (l.text[n] == '=' || l.text[n] == '_');
}

static bool is_noise(struct line l)
{
	static const char *const prefixes[] = {
		";",
		"from ",
		"func#",
		"caller:",
		"callee:",
		"frame",
		"last_idx",
		"regs=",
		"parent ",
		"mark_precise:",
		"propagating",
		"cur state:",
		"old state:",
		"processed ",
		"verification time",
		"stack depth",
		"peak_states",
		"Validating ",
		"arg#0 reference type",
		"insn_processed",
		"-- ",
		"Live regs",
		"returning from callee",
	};

	for (size_t i = 0; i < sizeof(prefixes) / sizeof(*prefixes); i++)
		if (begins(l, prefixes[i]))
			return true;
	return !l.size || is_state(l);
}

/* The line that ends before end; steps end back to its start. */
static struct line previous(const char *log, const char **end)
{
	const char *stop = *end, *p;

	if (stop > log && stop[-1] == '\n')
		stop--;
	for (p = stop; p > log && p[-1] != '\n';)
		p--;
	*end = p;
	return (struct line){ p, stop - p };
}

/* "... at insn 7", "back-edge from insn 5 to 3": the instruction is in the sentence itself. */
static long named_instruction(const char *sentence)
{
	static const char word[] = "insn ";

	for (const char *p = sentence; (p = strstr(p, word)); p++)
		if ((p == sentence || p[-1] == ' ') && isdigit((unsigned char)p[sizeof(word) - 1]))
			return strtol(p + sizeof(word) - 1, NULL, 10);
	return -1;
}

void verifier_log_parse(const char *log, struct verifier_finding *out)
{
	const char *end = log + strlen(log);
	struct line sentences[2];
	size_t n = 0, tail = 0;
	bool closed = false;

	out->insn = -1;
	out->tail = end;
	while (end > log && (out->insn < 0 || tail < TAIL_LINES)) {
		struct line l = previous(log, &end);
		long insn = instruction(l);

		if (tail++ < TAIL_LINES)
			out->tail = end;
		if (insn >= 0 && out->insn < 0)
			out->insn = insn;
		/* A refusal may take two lines, one below the other. */
		if (is_noise(l))
			closed = n > 0;
		else if (!closed && n < 2 && out->insn < 0)
			sentences[n++] = l;
	}
	out->sentence[0] = '\0';
	if (n == 1)
		snprintf(out->sentence, sizeof(out->sentence), "%.*s", (int)sentences[0].size,
			 sentences[0].text);
	else if (n == 2)
		snprintf(out->sentence, sizeof(out->sentence), "%.*s; %.*s", (int)sentences[1].size,
			 sentences[1].text, (int)sentences[0].size, sentences[0].text);
	if (named_instruction(out->sentence) >= 0)
		out->insn = named_instruction(out->sentence);
}
