/*
 * Records. A struct whose members are all simple gets columns: numbers to the right, text to the
 * left, widths from the types. Anything else is one text, {member = value, ...}.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "show.h"

#define TEXT_WIDTH 16
#define ADDRESS_WIDTH 18

void show_json_head(const char *type, const struct bcc_table *table)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	printf("{\"v\":1,\"ts\":%" PRId64 ",\"type\":\"%s\",\"table\":\"%s\"",
	       (int64_t)now.tv_sec * 1000000000 + now.tv_nsec, type, bcc_table_name(table));
}

bool table_has_events(const struct bcc_table *table)
{
	const char *kind = bcc_table_kind(table);

	return !strcmp(kind, "perf_output") || !strcmp(kind, "ringbuf");
}

static int number_width(size_t size)
{
	switch (size) {
	case 1:
		return 4;
	case 2:
		return 6;
	case 4:
		return 8;
	default:
		return 12;
	}
}

static int column_width(const struct bcc_type *type)
{
	const struct bcc_type *element = bcc_type_element(type);

	switch (bcc_type_kind(type)) {
	case BCC_TYPE_INT:
		return number_width(bcc_type_size(type));
	case BCC_TYPE_BOOL:
		return 5;
	case BCC_TYPE_POINTER:
		return ADDRESS_WIDTH;
	case BCC_TYPE_ARRAY:
		if (bcc_type_kind(element) == BCC_TYPE_CHAR &&
		    bcc_type_length(type) < TEXT_WIDTH)
			return -(int)bcc_type_length(type);
		return -TEXT_WIDTH;
	default:
		return -TEXT_WIDTH;
	}
}

static bool has_columns(const struct bcc_type *type)
{
	struct bcc_member member;

	if (!type || bcc_type_kind(type) != BCC_TYPE_STRUCT || !bcc_type_member_count(type))
		return false;
	for (size_t i = 0; !bcc_type_member(type, i, &member); i++) {
		if (!*member.name || member.bit_size || member.bit_offset % 8)
			return false;
	}
	return true;
}

bool event_view_init(struct event_view *view, const struct bcc_table *table, bool columns)
{
	const struct bcc_type *type = bcc_table_event_type(table);

	if (!columns || !has_columns(type))
		return true;
	view->n = bcc_type_member_count(type);
	view->columns = calloc(view->n, sizeof(*view->columns));
	if (!view->columns)
		return false;
	for (size_t i = 0; i < view->n; i++) {
		struct show_column *column = &view->columns[i];
		int name;

		if (bcc_type_member(type, i, &column->member))
			return false;
		column->width = column_width(column->member.type);
		name = (int)strlen(column->member.name);
		if (abs(column->width) < name)
			column->width = column->width < 0 ? -name : name;
	}
	/* Nothing follows the last one, so it needs no padding. */
	if (view->columns[view->n - 1].width < 0)
		view->columns[view->n - 1].width = 0;
	return true;
}

void event_view_free(struct event_view *view)
{
	free(view->columns);
}

void show_event_header(const struct event_view *view)
{
	char name[128];

	if (!view->columns || view->json)
		return;
	for (size_t i = 0; i < view->n; i++) {
		const struct bcc_member *member = &view->columns[i].member;
		size_t k = 0;

		for (; member->name[k] && k < sizeof(name) - 1; k++)
			name[k] = member->name[k] >= 'a' && member->name[k] <= 'z' ?
				  member->name[k] - 'a' + 'A' : member->name[k];
		name[k] = '\0';
		printf("%s%*s", i ? " " : "", view->columns[i].width, name);
	}
	putchar('\n');
}

/* A string loses its quotes: the column says where it ends. Its escapes stay. */
static const char *unquoted(char *text)
{
	size_t length = strlen(text);

	if (length < 2 || text[0] != '"' || text[length - 1] != '"')
		return text;
	text[length - 1] = '\0';
	return text + 1;
}

static int show_columns(const struct event_view *view, const char *data, size_t size)
{
	for (size_t i = 0; i < view->n; i++) {
		const struct show_column *column = &view->columns[i];
		size_t offset = column->member.bit_offset / 8;
		char *text;

		if (offset > size)
			break;
		text = bcc_type_format_dup(column->member.type, data + offset, size - offset);
		if (!text)
			return -ENOMEM;
		printf("%s%*s", i ? " " : "", column->width, unquoted(text));
		bcc_free(text);
	}
	putchar('\n');
	return 0;
}

int show_event(const struct event_view *view, const struct bcc_table *table, const void *data,
	       size_t size)
{
	const struct bcc_type *type = bcc_table_event_type(table);
	char *text;

	if (!type || size < bcc_type_size(type)) {
		if (view->json) {
			show_json_head("event", table);
			printf(",\"size\":%zu}\n", size);
		} else {
			printf("%s: %zu bytes of no known type\n", bcc_table_name(table), size);
		}
		return 0;
	}
	if (view->columns && !view->json)
		return show_columns(view, data, size);
	text = view->json ? bcc_type_json_dup(type, data, size)
			  : bcc_type_format_dup(type, data, size);
	if (!text)
		return -ENOMEM;
	if (view->json) {
		show_json_head("event", table);
		printf(",\"data\":%s}\n", text);
	} else {
		printf("%s: %s\n", bcc_table_name(table), text);
	}
	bcc_free(text);
	return 0;
}
