/*
 * Counts operators by statement, and links of "else if" chains; see nesting.h. The text is
 * preprocessed: there are no comments in it.
 */
#include "nesting.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { MOST_OPERATORS = 20000, MOST_ELSE_IFS = 5000, MOST_BRACES = 256 };

struct count {
	const char *text;
	uint32_t size;
	uint32_t statement; /* where the one that is looked at begins */
	unsigned operators; /* in it so far */
	unsigned parens;
	unsigned braces;
	unsigned chain[MOST_BRACES]; /* links so far, at each depth of braces */
	bool begins;        /* the next word is a statement's first */
	bool after_else;
};

/* The end of a string or character literal that begins here. */
static uint32_t literal_end(const struct count *c, uint32_t at)
{
	char quote = c->text[at++];

	while (at < c->size && c->text[at] != quote && c->text[at] != '\n')
		at += c->text[at] == '\\' ? 2 : 1;
	return at < c->size ? at + 1 : c->size;
}

static uint32_t word_end(const struct count *c, uint32_t at)
{
	while (at < c->size && (isalnum((unsigned char)c->text[at]) || c->text[at] == '_'))
		at++;
	return at;
}

static unsigned *chain(struct count *c)
{
	return &c->chain[c->braces < MOST_BRACES ? c->braces : MOST_BRACES - 1];
}

static bool is_word(const struct count *c, uint32_t at, uint32_t end, const char *word)
{
	return end - at == strlen(word) && !memcmp(c->text + at, word, end - at);
}

static void see_word(struct count *c, uint32_t at, uint32_t end)
{
	bool is_else = is_word(c, at, end, "else");

	if (c->after_else && is_word(c, at, end, "if"))
		++*chain(c);
	else if (c->begins && !is_else)
		*chain(c) = 0;
	c->after_else = is_else;
	c->begins = false;
}

static void next_statement(struct count *c, uint32_t at)
{
	c->statement = at + 1;
	c->operators = 0;
	c->begins = true;
}

static void see_sign(struct count *c, uint32_t at)
{
	switch (c->text[at]) {
	case '{':
		c->braces++;
		*chain(c) = 0;
		next_statement(c, at);
		break;
	case '}':
		c->braces -= c->braces > 0;
		next_statement(c, at);
		break;
	case ';':
		next_statement(c, at);
		break;
	case ',':
		if (!c->parens) {
			c->statement = at + 1;
			c->operators = 0;
		}
		break;
	case ')':
		c->parens -= c->parens > 0;
		break;
	case '(':
		c->parens++;
		c->operators++;
		break;
	case ']':
		break;
	default:
		c->operators++;
	}
	c->after_else = false;
}

static int fail(const struct count *c, uint32_t at, const struct problem_sink *sink,
		const char *message, const char *hint)
{
	uint32_t begin = c->statement;

	while (begin < at && isspace((unsigned char)c->text[begin]))
		begin++;
	sink->report(sink->data, 2, "too-long", message, hint, begin, begin + 1);
	return -1;
}

int nesting_check(const char *text, uint32_t size, const struct problem_sink *sink)
{
	struct count c = { .text = text, .size = size, .begins = true };
	uint32_t at = 0;

	while (at < size) {
		char sign = text[at];

		if (isspace((unsigned char)sign)) {
			at++;
		} else if (isalnum((unsigned char)sign) || sign == '_') {
			uint32_t end = word_end(&c, at);

			see_word(&c, at, end);
			at = end;
		} else if (sign == '"' || sign == '\'') {
			at = literal_end(&c, at);
		} else {
			see_sign(&c, at++);
		}
		if (c.operators > MOST_OPERATORS)
			return fail(&c, at, sink, "this statement has more than 20000 operators",
				    "take it apart, with variables for its parts");
		if (*chain(&c) > MOST_ELSE_IFS)
			return fail(&c, at, sink, "more than 5000 'else if' follow each other",
				    "use a switch, a table, or a search by halves");
	}
	return 0;
}
