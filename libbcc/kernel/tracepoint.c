/*
 * Finds what tracepoints give to programs: the fields come from tracefs, or, where that is closed
 * to us, from the type that the kernel keeps in BTF for the same record. record.c writes them.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/internal.h"
#include "kernel/tracepoint.h"

/* Reads events/CATEGORY/EVENT/format for one way to split the name. -ENOENT when there is none. */
static int read_format(const char *tracefs, const char *name, size_t category,
		       struct tracepoint *tp)
{
	const char *event = name + category + 2;
	struct ktext path = { 0 };
	char *text = NULL;
	int err = -ENOMEM;

	ktext_printf(&path, "%s/events/%.*s/%s/format", tracefs, (int)category, name, event);
	if (!path.failed) {
		text = ktext_read_file(path.data, NULL);
		err = text ? format_parse(text, &tp->format) : -errno;
	}
	tp->found = err == 0;
	tp->syscall_enter = strncmp(event, "sys_enter_", 10) == 0;
	free(text);
	ktext_free(&path);
	return err == -ENOMEM ? err : 0;
}

/* The fields of the kernel's own struct for the record; its header is the first member. */
static int fields_of_record(const struct kbtf *btf, uint32_t id, struct format *format)
{
	const struct btf_type *record = kbtf_type(btf, id);

	for (uint32_t i = 0; i < kbtf_vlen(record); i++) {
		struct kbtf_member m = kbtf_member(btf, record, i);
		int64_t size = kbtf_size(btf, m.type);
		struct field *f;

		if (m.offset / 8 < HEADER_SIZE || m.bits || size <= 0 || !is_identifier(m.name))
			continue;
		f = format_add(format);
		if (!f)
			return -ENOMEM;
		f->kind = FIELD_BTF;
		f->offset = m.offset / 8;
		f->size = (uint32_t)size;
		f->btf = m.type;
		if (strncmp(m.name, "__data_loc_", 11) == 0)
			f->kind = FIELD_DATA_LOC;
		else if (strncmp(m.name, "__rel_loc_", 10) == 0)
			f->kind = FIELD_REL_LOC;
		f->name = strdup(f->kind == FIELD_DATA_LOC ? m.name + 11 :
				 f->kind == FIELD_REL_LOC ? m.name + 10 : m.name);
		if (!f->name)
			return -ENOMEM;
	}
	return 0;
}

static int read_record(const struct kbtf *btf, const char *event, struct tracepoint *tp)
{
	struct ktext name = { 0 };
	uint32_t id = 0;
	int err = 0;

	ktext_printf(&name, "trace_event_raw_%s", event);
	if (name.failed)
		return -ENOMEM;
	id = kbtf_find(btf, BTF_KIND_STRUCT, name.data);
	ktext_free(&name);
	if (id) {
		tp->found = true;
		err = fields_of_record(btf, id, &tp->format);
	}
	return err;
}

/* Categories may have __ in them, and so may events: the first split that exists is taken. */
static int find(struct kernel *k, const struct kbtf *btf, struct tracepoint *tp)
{
	const char *tracefs = kernel_tracefs(k);
	int err = 0;

	if (!is_identifier(tp->name))
		return 0;
	for (const char *at = strstr(tp->name, "__"); at && !tp->found && !err;
	     at = strstr(at + 1, "__")) {
		if (at == tp->name || !at[2])
			continue;
		if (tracefs)
			err = read_format(tracefs, tp->name, (size_t)(at - tp->name), tp);
		else
			err = read_record(btf, at + 2, tp);
	}
	return err;
}

/* The types of the fields become names to look for, and so do the constants in dimensions. */
static int name_types(struct types *t, const struct tracepoint *tp)
{
	for (size_t i = 0; i < tp->format.count; i++) {
		const struct field *f = &tp->format.fields[i];

		if (f->kind != FIELD_TYPEDEF && f->kind != FIELD_TAG)
			continue;
		if (!names_add(&t->names, f->base, NAME_FORMAT))
			return -ENOMEM;
	}
	return 0;
}

int tracepoints_read(struct kernel *k, struct types *t, const struct types_request *rq,
		     struct tracepoints **out)
{
	struct tracepoints *tps = calloc(1, sizeof(*tps));
	int err = 0;

	if (!tps)
		return -ENOMEM;
	tps->list = calloc(rq->n_tracepoints + 1, sizeof(*tps->list));
	if (!tps->list)
		err = -ENOMEM;
	for (size_t i = 0; i < rq->n_tracepoints && !err; i++) {
		struct tracepoint *tp = &tps->list[tps->count];
		bool again = false;

		for (size_t j = 0; j < tps->count && !again; j++)
			again = strcmp(tps->list[j].name, rq->tracepoints[i]) == 0;
		if (again)
			continue;
		tp->name = rq->tracepoints[i];
		tps->count++;
		err = find(k, t->btf, tp);
		if (!err)
			err = name_types(t, tp);
	}
	if (err)
		tracepoints_free(tps);
	else
		*out = tps;
	return err;
}

char **tracepoints_missing(const struct tracepoints *tps)
{
	char **missing = calloc(tps->count + 1, sizeof(*missing));
	size_t n = 0;

	for (size_t i = 0; missing && i < tps->count; i++) {
		if (tps->list[i].found)
			continue;
		missing[n] = strdup(tps->list[i].name);
		if (!missing[n++]) {
			while (n--)
				free(missing[n]);
			free(missing);
			return NULL;
		}
	}
	return missing;
}

void tracepoints_free(struct tracepoints *tps)
{
	if (!tps)
		return;
	for (size_t i = 0; i < tps->count; i++)
		format_free(&tps->list[i].format);
	free(tps->list);
	free(tps);
}
