/*
 * The edit tree; see edit.h. An edit's children are the edits inside its range; each of its range
 * pieces shows those children that lie in it, so what no piece mentions is dropped with its edits.
 */
#include "edit.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct piece {
	const char *word; /* NULL: a range */
	uint32_t begin, end;
};

struct edit {
	uint32_t begin, end;
	struct ptr_list pieces;   /* struct piece * */
	struct ptr_list children; /* struct edit * */
};

static bool is_insertion(const struct edit *e)
{
	return e->begin == e->end;
}

/* An insertion at either end of an edit stands beside it. */
static bool covers(const struct edit *outer, const struct edit *inner)
{
	if (is_insertion(outer))
		return false;
	if (is_insertion(inner))
		return outer->begin < inner->begin && inner->end < outer->end;
	return outer->begin <= inner->begin && inner->end <= outer->end;
}

static bool goes_before(const struct edit *e, const struct edit *other)
{
	if (e->begin != other->begin)
		return e->begin < other->begin;
	return is_insertion(e) && !is_insertion(other);
}

/* The first root that begins at or after a place. */
static size_t first_from(const struct ptr_list *roots, uint32_t at)
{
	size_t low = 0, high = roots->count;

	while (low < high) {
		size_t mid = (low + high) / 2;

		if (((const struct edit *)roots->items[mid])->begin < at)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static void insert(struct edits *es, size_t at, struct edit *e)
{
	struct ptr_list *roots = &es->roots;

	ptr_list_add(es->arena, roots, e);
	memmove(roots->items + at + 1, roots->items + at,
		(roots->count - 1 - at) * sizeof(*roots->items));
	roots->items[at] = e;
}

struct edit *edit_add(struct edits *es, uint32_t begin, uint32_t end)
{
	struct edit *e = arena_alloc(es->arena, sizeof(*e));
	struct ptr_list *roots = &es->roots;
	size_t kept = first_from(roots, begin), at = SIZE_MAX, i;

	e->begin = begin;
	e->end = end;
	/* A long expression has an edit for each of its terms: only those in reach are looked at, and
	 * the list is changed where it is. */
	for (i = kept; i < roots->count; i++) {
		struct edit *other = roots->items[i];

		if (other->begin > end)
			break;
		if (covers(e, other)) {
			ptr_list_add(es->arena, &e->children, other);
			continue;
		}
		if (at == SIZE_MAX && goes_before(e, other))
			at = kept;
		roots->items[kept++] = other;
	}
	if (at == SIZE_MAX)
		at = kept;
	memmove(roots->items + kept, roots->items + i, (roots->count - i) * sizeof(*roots->items));
	roots->count -= i - kept;
	insert(es, at, e);
	return e;
}

static struct piece *add_piece(struct edits *es, struct edit *e)
{
	struct piece *p = arena_alloc(es->arena, sizeof(*p));

	ptr_list_add(es->arena, &e->pieces, p);
	return p;
}

void edit_word(struct edits *es, struct edit *e, const char *s)
{
	add_piece(es, e)->word = arena_strdup(es->arena, s);
}

void edit_printf(struct edits *es, struct edit *e, const char *fmt, ...)
{
	va_list args;
	char *s;
	int n;

	va_start(args, fmt);
	n = vasprintf(&s, fmt, args);
	va_end(args);
	if (n < 0)
		return;
	edit_word(es, e, s);
	free(s);
}

void edit_range(struct edits *es, struct edit *e, uint32_t begin, uint32_t end)
{
	struct piece *p = add_piece(es, e);

	p->begin = begin;
	p->end = end;
}

void edit_insert(struct edits *es, uint32_t at, const char *s)
{
	edit_word(es, edit_add(es, at, at), s);
}

void edit_replace(struct edits *es, uint32_t begin, uint32_t end, const char *s)
{
	edit_word(es, edit_add(es, begin, end), s);
}

static void put(struct edited *out, const char *s, uint32_t n, uint32_t old_at, int copied)
{
	if (!n)
		return;
	if (out->count == out->capacity) {
		size_t capacity = out->capacity ? 2 * out->capacity : 256;
		struct stretch *more = realloc(out->stretches, capacity * sizeof(*more));

		if (!more)
			abort();
		out->stretches = more;
		out->capacity = capacity;
	}
	out->stretches[out->count++] =
		(struct stretch){ (uint32_t)out->text.size, old_at, n, copied };
	text_add(&out->text, s, n);
}

static void apply_range(struct edits *es, const struct ptr_list *edits, uint32_t begin,
			uint32_t end, struct edited *out);

static void apply_one(struct edits *es, const struct edit *e, struct edited *out)
{
	for (size_t i = 0; i < e->pieces.count; i++) {
		const struct piece *p = e->pieces.items[i];

		if (p->word)
			put(out, p->word, (uint32_t)strlen(p->word), e->begin, 0);
		else
			apply_range(es, &e->children, p->begin, p->end, out);
	}
}

/* Copies up to end, showing the edits that lie in [*at, end). One that only reaches into it is taken
 * apart: what it holds may lie inside. */
static void apply_list(struct edits *es, const struct ptr_list *edits, uint32_t *at, uint32_t end,
		       struct edited *out)
{
	for (size_t i = 0; i < edits->count; i++) {
		const struct edit *e = edits->items[i];

		if (e->begin >= *at && e->end <= end) {
			put(out, es->text + *at, e->begin - *at, *at, 1);
			apply_one(es, e, out);
			*at = e->end;
		} else if (e->begin < end && e->end > *at) {
			apply_list(es, &e->children, at, end, out);
		}
	}
}

static void apply_range(struct edits *es, const struct ptr_list *edits, uint32_t begin,
			uint32_t end, struct edited *out)
{
	uint32_t at = begin;

	apply_list(es, edits, &at, end, out);
	put(out, es->text + at, end - at, at, 1);
}

void edits_apply(struct edits *es, struct edited *out)
{
	*out = (struct edited){ 0 };
	text_puts(&out->text, "");
	apply_range(es, &es->roots, 0, es->size, out);
}

void edited_free(struct edited *ed)
{
	free(ed->text.data);
	free(ed->stretches);
	*ed = (struct edited){ 0 };
}

uint32_t edited_origin(const struct edited *ed, uint32_t new_at)
{
	size_t low = 0, high = ed->count;

	while (low + 1 < high) {
		size_t mid = (low + high) / 2;

		if (ed->stretches[mid].new_at <= new_at)
			low = mid;
		else
			high = mid;
	}
	if (low >= ed->count)
		return 0;
	if (!ed->stretches[low].copied)
		return ed->stretches[low].old_at;
	return ed->stretches[low].old_at + (new_at - ed->stretches[low].new_at);
}
