/*
 * A lexer just good enough for preprocessed C: identifiers and braces count, strings, numbers and
 * comments are skipped. What a text defines is read off its file scope: tags before a '{', the last
 * name of a typedef, names inside an enum's braces, and the name before a '(', '=', ';' or '['.
 */
#include "lex.h"

#include <stdlib.h>
#include <string.h>

enum token_kind { TOK_END, TOK_IDENT, TOK_PUNCT, TOK_OTHER };

struct token {
	enum token_kind kind;
	const char *start;
	size_t size;
};

static uint32_t hash_name(const char *s, size_t n)
{
	uint32_t h = 2166136261u;

	for (size_t i = 0; i < n; i++)
		h = (h ^ (unsigned char)s[i]) * 16777619u;
	return h;
}

static const char **find_slot(const char **slots, size_t n_slots, const char *s, size_t n)
{
	size_t i = hash_name(s, n) & (n_slots - 1);

	while (slots[i] && (strncmp(slots[i], s, n) || slots[i][n]))
		i = (i + 1) & (n_slots - 1);
	return &slots[i];
}

static void grow(struct names *names)
{
	size_t n_slots = names->n_slots ? 2 * names->n_slots : 256;
	const char **slots = arena_alloc(names->arena, n_slots * sizeof(*slots));

	for (size_t i = 0; i < names->list.count; i++) {
		const char *s = names->list.items[i];

		*find_slot(slots, n_slots, s, strlen(s)) = s;
	}
	names->slots = slots;
	names->n_slots = n_slots;
}

const char *names_add(struct names *names, const char *s, size_t n)
{
	const char **slot;

	if (2 * (names->list.count + 1) > names->n_slots)
		grow(names);
	slot = find_slot(names->slots, names->n_slots, s, n);
	if (!*slot) {
		*slot = arena_strndup(names->arena, s, n);
		ptr_list_add(names->arena, &names->list, (void *)*slot);
	}
	return *slot;
}

bool names_have(const struct names *names, const char *s)
{
	return names->n_slots && *find_slot(names->slots, names->n_slots, s, strlen(s));
}

static bool ident_start(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool ident_char(char c)
{
	return ident_start(c) || (c >= '0' && c <= '9');
}

static const char *skip_quoted(const char *p, const char *end)
{
	char quote = *p++;

	while (p < end && *p != quote && *p != '\n')
		p += *p == '\\' && p + 1 < end ? 2 : 1;
	return p < end ? p + 1 : end;
}

static const char *skip_blank(const char *p, const char *end)
{
	while (p < end) {
		if (*p == '/' && p + 1 < end && p[1] == '/') {
			while (p < end && *p != '\n')
				p++;
		} else if (*p == '/' && p + 1 < end && p[1] == '*') {
			for (p += 2; p < end && !(p[0] == '*' && p + 1 < end && p[1] == '/');)
				p++;
			p = p + 2 < end ? p + 2 : end;
		} else if (*p == ' ' || (*p >= '\t' && *p <= '\r')) {
			p++;
		} else {
			break;
		}
	}
	return p;
}

static struct token next_token(const char **pos, const char *end)
{
	const char *p = skip_blank(*pos, end);
	struct token tok = { TOK_END, p, 0 };

	if (p >= end) {
		*pos = end;
		return tok;
	}
	if (ident_start(*p)) {
		tok.kind = TOK_IDENT;
		while (p < end && ident_char(*p))
			p++;
	} else if (*p >= '0' && *p <= '9') {
		tok.kind = TOK_OTHER;
		while (p < end && (ident_char(*p) || *p == '.'))
			p++;
	} else if (*p == '"' || *p == '\'') {
		tok.kind = TOK_OTHER;
		p = skip_quoted(p, end);
	} else {
		tok.kind = TOK_PUNCT;
		p++;
	}
	tok.size = (size_t)(p - tok.start);
	*pos = p;
	return tok;
}

static bool is(const struct token *tok, const char *s)
{
	return tok->size == strlen(s) && !memcmp(tok->start, s, tok->size);
}

void scan_identifiers(struct names *names, const char *text, size_t size)
{
	const char *pos = text, *end = text + size;

	for (;;) {
		struct token tok = next_token(&pos, end);

		if (tok.kind == TOK_END)
			return;
		if (tok.kind == TOK_IDENT)
			names_add(names, tok.start, tok.size);
	}
}

static void add_own_tag(struct scan *out, const struct token *keyword, const struct token *tag)
{
	char *name = arena_printf(out->own.arena, "%.*s %.*s", (int)keyword->size, keyword->start,
				  (int)tag->size, tag->start);

	names_add(&out->own, name, strlen(name));
}

static const char tracepoint_prefix[] = "tracepoint__";

static void note_tag(struct scan *out, const struct token *keyword, const struct token *tag,
		     bool defined)
{
	size_t skip = sizeof(tracepoint_prefix) - 1;

	if (defined)
		add_own_tag(out, keyword, tag);
	else if (is(keyword, "struct") && tag->size > skip &&
		 !memcmp(tag->start, tracepoint_prefix, skip))
		names_add(&out->tracepoints, tag->start + skip, tag->size - skip);
}

/* The methods of a dialect table, "(*lookup)(", and its key and leaf are our own words and name
 * nothing of the kernel's. */
static bool is_table_word(const char *text, const struct token *before, const struct token *tok,
			  char next)
{
	if (is(before, "*"))
		return next == ')' && before->start > text && before->start[-1] == '(';
	return next == ';' && before->kind == TOK_IDENT && (is(tok, "key") || is(tok, "leaf"));
}

/* A tag is one use of a name, any other identifier another. */
static void note_used(struct scan *out, const struct token *tok, bool tagged)
{
	char *name;

	if (!tagged) {
		names_add(&out->used, tok->start, tok->size);
		return;
	}
	name = arena_printf(out->used.arena, "struct %.*s", (int)tok->size, tok->start);
	names_add(&out->used, name, strlen(name));
}

/* What file scope declares, followed token by token. */
struct scope {
	int depth;             /* of braces */
	int parens;
	int enum_depth;        /* depth inside an enum's braces, 0: in none */
	bool want_enumerator;  /* the next name inside an enum is one */
	struct token name;     /* the last name at file scope */
};

static void scope_punct(struct scan *out, struct scope *sc, char c)
{
	bool names_something = sc->depth == 0 && sc->parens == 0 && sc->name.size;

	if (names_something && strchr("(=;[,", c))
		names_add(&out->own, sc->name.start, sc->name.size);
	switch (c) {
	case '{':
		sc->depth++;
		break;
	case '}':
		if (sc->depth > 0)
			sc->depth--;
		if (sc->enum_depth > sc->depth)
			sc->enum_depth = 0;
		break;
	case '(':
		sc->parens++;
		break;
	case ')':
		if (sc->parens > 0)
			sc->parens--;
		break;
	case ',':
		sc->want_enumerator = sc->enum_depth == sc->depth && sc->enum_depth;
		break;
	}
	if (c != '*')
		sc->name.size = 0;
}

void scan_text(struct arena *a, const char *text, size_t size, struct scan *out)
{
	const char *pos = text, *end = text + size;
	struct token before = { TOK_END, "", 0 }, keyword = before;
	struct scope sc = { 0 };

	*out = (struct scan){ .used.arena = a, .own.arena = a, .tracepoints.arena = a };
	for (;;) {
		struct token tok = next_token(&pos, end);

		if (tok.kind == TOK_END)
			break;
		if (tok.kind == TOK_IDENT) {
			bool tagged = before.kind == TOK_IDENT &&
				      (is(&before, "struct") || is(&before, "union") ||
				       is(&before, "enum"));

			if (tagged || !is_table_word(text, &before, &tok, *skip_blank(pos, end)))
				note_used(out, &tok, tagged);
			if (tagged) {
				const char *peek = skip_blank(pos, end);

				note_tag(out, &before, &tok, peek < end && *peek == '{');
				keyword = before;
			} else if (is(&tok, "enum")) {
				keyword = tok;
			} else if (sc.want_enumerator) {
				names_add(&out->own, tok.start, tok.size);
				sc.want_enumerator = false;
			} else if (sc.depth == 0 && sc.parens == 0) {
				sc.name = tok;
			}
		} else if (tok.kind == TOK_PUNCT) {
			bool opens_enum = *tok.start == '{' && keyword.size && is(&keyword, "enum");

			scope_punct(out, &sc, *tok.start);
			if (opens_enum) {
				sc.enum_depth = sc.depth;
				sc.want_enumerator = true;
			}
			keyword.size = 0;
		} else {
			sc.want_enumerator = false;
		}
		before = tok;
	}
}
