/*
 * How records and tables are shown: for people (columns, "key -> value", histograms), or as JSON
 * lines. Everything goes to stdout; strings that come from the kernel are shown escaped.
 */
#ifndef BPFCC_SHOW_H
#define BPFCC_SHOW_H

#include <stdio.h>
#include <bcc/bcc.h>

/* JSON: what each line begins with, "{"v":1,"ts":NS,"type":TYPE,"table":NAME", still open. */
void show_json_head(const char *type, const struct bcc_table *table);

/* show_event.c */

struct show_column {
	struct bcc_member member;
	int width;  /* at least; negative: to the left */
};

bool table_has_events(const struct bcc_table *table);

/* How the records of one table are shown. */
struct event_view {
	struct show_column *columns; /* NULL: one record is one text after the table's name */
	size_t n;
	bool json;
};

/* One of two forms: columns if asked for and the type has simple members. False: no memory. */
bool event_view_init(struct event_view *view, const struct bcc_table *table, bool columns);
void event_view_free(struct event_view *view);

/* The heading of the columns, if there are any. */
void show_event_header(const struct event_view *view);

/* A negative errno when memory ran out. */
int show_event(const struct event_view *view, const struct bcc_table *table, const void *data,
	       size_t size);

/* show_table.c */

struct table_style {
	bool json;
	bool linear; /* a histogram's slots are values, not powers of two */
};

/* Whether it holds entries that mean something outside the kernel. */
bool table_has_entries(const struct bcc_table *table);

/* A negative error when it cannot be read; the diagnostics say why. */
int show_table(struct bcc_table *table, const struct table_style *style);

#endif
