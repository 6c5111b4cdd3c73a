/*
 * Takes a format file apart, line by line: "field:DECLARATION; offset:N; size:N; signed:N;".
 */
#include "kernel/format.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/text.h"

#define WORD "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_0123456789"

struct field *format_add(struct format *format)
{
	struct field *fields = realloc(format->fields, (format->count + 1) * sizeof(*fields));

	if (!fields)
		return NULL;
	format->fields = fields;
	fields[format->count] = (struct field){ 0 };
	return &fields[format->count++];
}

static bool word_is(const char *word, size_t len, const char *what)
{
	return strlen(what) == len && strncmp(word, what, len) == 0;
}

static bool word_in(const char *word, size_t len, const char *const *list)
{
	for (; *list; list++) {
		if (word_is(word, len, *list))
			return true;
	}
	return false;
}

/* A word of a type: says what it tells of f, and adds it to the base or to the stars. */
static void take_word(struct field *f, struct ktext *base, struct ktext *stars, const char *word,
		      size_t len)
{
	static const char *const own[] = {
		"void", "char", "short", "int", "long", "signed", "unsigned", "float", "double",
		"_Bool", "__int128", NULL,
	};
	static const char *const percpu[] = { "__percpu", "__seg_gs", "__seg_fs", NULL };
	static const char *const dropped[] = { "volatile", "__rcu", "__iomem", "__force", NULL };
	static const char *const keywords[] = { "struct", "union", "enum", NULL };

	if (word_is(word, len, "const")) {
		f->is_const |= stars->len == 0;
		ktext_add(stars, stars->len ? "const " : "");
	} else if (word_is(word, len, "__data_loc")) {
		f->kind = FIELD_DATA_LOC;
	} else if (word_is(word, len, "__rel_loc")) {
		f->kind = FIELD_REL_LOC;
	} else if (word_is(word, len, "__user")) {
		f->user = true;
	} else if (word_in(word, len, percpu)) {
		f->percpu = true;
	} else if (word_in(word, len, keywords)) {
		f->kind = FIELD_TAG;
		f->keyword = *word == 'e' ? "enum" : *word == 'u' ? "union" : "struct";
	} else if (word_in(word, len, own)) {
		ktext_add(base, base->len ? " " : "");
		ktext_add_n(base, word, len);
	} else if (!word_in(word, len, dropped)) {
		if (f->kind == FIELD_C)
			f->kind = FIELD_TYPEDEF;
		if (base->len)
			f->kind = FIELD_UNKNOWN; /* two names in a row are none that we know */
		ktext_add_n(base, word, len);
	}
}

static int parse_type(struct field *f, const char *type)
{
	struct ktext base = { 0 }, stars = { 0 };
	bool loc;

	while (*type) {
		size_t len = strspn(type, WORD);

		if (len)
			take_word(f, &base, &stars, type, len);
		else if (*type == '*')
			ktext_add(&stars, "*");
		else if (!strchr(" \t[]", *type))
			f->kind = f->kind == FIELD_DATA_LOC || f->kind == FIELD_REL_LOC ?
				  f->kind : FIELD_UNKNOWN;
		if (f->kind == FIELD_DATA_LOC || f->kind == FIELD_REL_LOC)
			break; /* what they lead to does not matter here */
		type += len ? len : 1;
	}
	loc = f->kind == FIELD_DATA_LOC || f->kind == FIELD_REL_LOC;
	if (!base.len && !loc)
		f->kind = FIELD_UNKNOWN;
	f->base = ktext_take(&base);
	f->stars = ktext_take(&stars);
	return f->base && f->stars ? 0 : -ENOMEM;
}

/* Cuts "const char * name[16]" into type, name and dimensions; the type is what stays in decl. */
static int cut(struct field *f, char *decl)
{
	char *end = decl + strlen(decl);
	char *start;

	while (end > decl && (end[-1] == ' ' || end[-1] == '\t'))
		*--end = '\0';
	while (end > decl && end[-1] == ']') {
		do
			end--;
		while (end > decl && *end != '[');
	}
	f->is_array = *end != '\0';
	f->dimensions = strdup(end);
	start = end;
	while (start > decl && strchr(WORD, start[-1]))
		start--;
	f->name = strndup(start, (size_t)(end - start));
	*start = '\0';
	return f->name && f->dimensions ? 0 : -ENOMEM;
}

static void field_free(struct field *f)
{
	free(f->base);
	free(f->stars);
	free(f->name);
	free(f->dimensions);
}

static int parse_field(struct format *format, char *decl, const char *numbers)
{
	struct field f = { 0 };
	unsigned is_signed = 0;
	struct field *added;
	int err;

	if (sscanf(numbers, " offset:%u; size:%u; signed:%u", &f.offset, &f.size, &is_signed) < 2)
		return 0;
	f.is_signed = is_signed;
	err = cut(&f, decl);
	if (err || !is_identifier(f.name) || f.offset > UINT16_MAX || f.size > UINT16_MAX)
		goto drop;
	if (strncmp(f.name, "common_", 7) == 0) {
		if (f.offset + f.size > format->common_end)
			format->common_end = f.offset + f.size;
		goto drop;
	}
	err = parse_type(&f, decl);
	added = err ? NULL : format_add(format);
	if (added) {
		*added = f;
		return 0;
	}
	err = -ENOMEM;
drop:
	field_free(&f);
	return err;
}

int format_parse(const char *text, struct format *out)
{
	struct format format = { 0 };
	int err = 0;

	for (; text && !err; text = strchr(text, '\n')) {
		const char *line = text + strspn(text, " \t\n");
		const char *semicolon = strpbrk(line, ";\n");
		char *decl;

		text = line;
		if (strncmp(line, "field:", 6) != 0 || !semicolon || *semicolon != ';')
			continue;
		decl = strndup(line + 6, (size_t)(semicolon - line - 6));
		err = decl ? parse_field(&format, decl, semicolon + 1) : -ENOMEM;
		free(decl);
	}
	if (err)
		format_free(&format);
	else
		*out = format;
	return err;
}

void format_free(struct format *format)
{
	for (size_t i = 0; i < format->count; i++)
		field_free(&format->fields[i]);
	free(format->fields);
	*format = (struct format){ 0 };
}
