/*
 * Changes to a text, and the way back. An edit replaces a range by pieces: new words, or ranges of
 * the old text in which further edits apply. Edits nest: one that is added later and covers earlier
 * ones takes them in. Applying them gives the new text and, for any place in it, the place in the
 * old text it came from.
 */
#ifndef REWRITER_EDIT_H
#define REWRITER_EDIT_H

#include <stdint.h>
#include "arena.h"

struct edits {
	struct arena *arena;
	const char *text;
	uint32_t size;
	struct ptr_list roots; /* struct edit *, by place, disjoint */
};

struct edit;

/* Starts an edit of [begin, end); pieces are then added in order. begin == end inserts. */
struct edit *edit_add(struct edits *es, uint32_t begin, uint32_t end);
void edit_word(struct edits *es, struct edit *e, const char *s);
__attribute__((format(printf, 3, 4)))
void edit_printf(struct edits *es, struct edit *e, const char *fmt, ...);
/* A range of the old text, inside the edit's own. */
void edit_range(struct edits *es, struct edit *e, uint32_t begin, uint32_t end);

/* Shorthands. */
void edit_insert(struct edits *es, uint32_t at, const char *s);
void edit_replace(struct edits *es, uint32_t begin, uint32_t end, const char *s);

/* One stretch of the new text that was copied, or stands for one place of the old. */
struct stretch {
	uint32_t new_at, old_at, size;
	int copied; /* else: every byte stands for old_at */
};

struct edited {
	struct text text;
	struct stretch *stretches; /* ascending by new_at; malloc()ed */
	size_t count, capacity;
};

void edits_apply(struct edits *es, struct edited *out);
void edited_free(struct edited *ed);

/* Where a byte of the new text came from. */
uint32_t edited_origin(const struct edited *ed, uint32_t new_at);

#endif
