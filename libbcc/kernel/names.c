/*
 * Names of the kernel that look like one that it does not have, for error messages. Every candidate
 * is measured, so this takes milliseconds: it is meant for the way out only.
 */
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/internal.h"

#define MAX_NAME 128 /* longer ones are near to nothing */
#define MAX_NEAR 16

/* The best so far, nearest first. Names are borrowed. */
struct near {
	const char *wanted;
	size_t max;
	size_t count;
	struct {
		const char *name;
		unsigned distance;
	} best[MAX_NEAR];
};

/* Insertions, deletions, replacements and swaps of neighbours that turn a into b, at most limit. */
static unsigned edits(const char *a, size_t na, const char *b, size_t nb, unsigned limit)
{
	unsigned rows[3][MAX_NAME + 1];
	unsigned *before = rows[0], *above = rows[1], *row = rows[2];

	for (size_t j = 0; j <= nb; j++)
		above[j] = (unsigned)j;
	for (size_t i = 1; i <= na; i++) {
		unsigned least = row[0] = (unsigned)i;
		unsigned *spare = before;

		for (size_t j = 1; j <= nb; j++) {
			int ca = tolower((unsigned char)a[i - 1]);
			int cb = tolower((unsigned char)b[j - 1]);
			unsigned n = above[j - 1] + (ca != cb);

			if (n > above[j] + 1)
				n = above[j] + 1;
			if (n > row[j - 1] + 1)
				n = row[j - 1] + 1;
			if (i > 1 && j > 1 && ca == tolower((unsigned char)b[j - 2]) &&
			    cb == tolower((unsigned char)a[i - 2]) && n > before[j - 2] + 1)
				n = before[j - 2] + 1;
			row[j] = n;
			if (n < least)
				least = n;
		}
		if (least > limit)
			return limit + 1;
		before = above;
		above = row;
		row = spare;
	}
	return above[nb];
}

unsigned name_distance(const char *a, const char *b)
{
	size_t na = strlen(a), nb = strlen(b);
	size_t shorter = na < nb ? na : nb, longer = na < nb ? nb : na;
	const char *inside;
	unsigned limit, n;

	if (strcmp(a, b) == 0)
		return 0;
	if (shorter == 0 || longer > MAX_NAME)
		return UINT_MAX;
	/* One in five letters may be wrong, one of three in short names. */
	limit = shorter < 3 ? 0 : shorter < 6 ? 1 : (unsigned)shorter / 5 + 1;
	if (longer - shorter <= limit) {
		n = edits(a, na, b, nb, limit);
		if (n <= limit)
			return 2 * n + 1;
	}
	/* A name within the other: nearer when it begins it, and the less there is besides. */
	inside = na < nb ? strstr(b, a) : strstr(a, b);
	if (!inside || shorter < 4)
		return UINT_MAX;
	n = (unsigned)(longer - shorter);
	return inside == (na < nb ? b : a) ? 4 + n : 8 + n;
}

static void insert(struct near *near, const char *name, unsigned distance)
{
	size_t at;

	if (distance == UINT_MAX || !name[0])
		return;
	for (size_t i = 0; i < near->count; i++) {
		if (strcmp(near->best[i].name, name) == 0)
			return;
	}
	for (at = near->count; at > 0 && near->best[at - 1].distance > distance; at--) {
		if (at < near->max)
			near->best[at] = near->best[at - 1];
	}
	if (at >= near->max)
		return;
	near->best[at].name = name;
	near->best[at].distance = distance;
	if (near->count < near->max)
		near->count++;
}

static void consider(struct near *near, const char *name)
{
	insert(near, name, name_distance(near->wanted, name));
}

static struct near near_start(const char *name, size_t max)
{
	return (struct near){ .wanted = name, .max = max < MAX_NEAR ? max : MAX_NEAR };
}

static char *joined(const struct near *near)
{
	struct ktext text = { 0 };

	for (size_t i = 0; i < near->count; i++)
		ktext_printf(&text, "%s%s", i ? ", " : "", near->best[i].name);
	return ktext_take(&text);
}

/* --- where the names are --- */

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* "CATEGORY:EVENT" for each directory below events/. */
static void list_events(const char *tracefs, struct ktext *text)
{
	struct dirent **categories = NULL, **events = NULL;
	struct ktext path = { 0 };
	int n, m;

	ktext_printf(&path, "%s/events", tracefs);
	n = path.data ? scandir(path.data, &categories, visible, alphasort) : 0;
	for (int i = 0; i < n; i++) {
		ktext_free(&path);
		ktext_printf(&path, "%s/events/%s", tracefs, categories[i]->d_name);
		m = path.data ? scandir(path.data, &events, visible, alphasort) : 0;
		for (int j = 0; j < m; j++) {
			if (events[j]->d_type == DT_DIR)
				ktext_printf(text, "%s:%s\n", categories[i]->d_name,
					     events[j]->d_name);
			free(events[j]);
		}
		if (m >= 0)
			free(events);
		events = NULL;
		free(categories[i]);
	}
	if (n >= 0)
		free(categories);
	ktext_free(&path);
}

const char *kernel_tracepoint_names(struct kernel *k)
{
	const char *tracefs = kernel_tracefs(k);
	struct ktext text = { 0 };

	if (k->events || !tracefs)
		return k->events;
	ktext_printf(&text, "%s/available_events", tracefs);
	k->events = text.data ? ktext_read_file(text.data, NULL) : NULL;
	ktext_free(&text);
	if (!k->events) {
		list_events(tracefs, &text);
		k->events = ktext_take(&text);
	}
	for (char *p = k->events; p && *p; p++) {
		if (*p == '\n')
			*p = '\0';
	}
	return k->events;
}

/*
 * People get the category wrong, or leave it out: the event by itself counts too, a little less.
 * The list ends in a newline, which has made its last string an empty one.
 */
static void consider_tracepoints(struct kernel *k, struct near *near)
{
	const char *colon = strchr(near->wanted, ':');
	const char *wanted_event = colon ? colon + 1 : near->wanted;

	for (const char *p = kernel_tracepoint_names(k); p && *p; p += strlen(p) + 1) {
		const char *event = strchr(p, ':');
		unsigned whole = name_distance(near->wanted, p);
		unsigned part = event ? name_distance(wanted_event, event + 1) : UINT_MAX;

		if (part != UINT_MAX && part + 2 < whole)
			whole = part + 2;
		insert(near, p, whole);
	}
}

static void consider_types(const struct kbtf *btf, enum kernel_names what, struct near *near)
{
	static const char raw[] = "btf_trace_", lsm[] = "bpf_lsm_", iter[] = "bpf_iter__";

	for (uint32_t id = 1; id < btf->count; id++) {
		const struct btf_type *type = kbtf_type(btf, id);
		const char *name = kbtf_name(btf, type);

		if (what == KERNEL_FUNCTIONS && kbtf_kind(type) == BTF_KIND_FUNC)
			consider(near, name);
		else if (what == KERNEL_STRUCTS && kbtf_is_record(type))
			consider(near, name);
		else if (what == KERNEL_RAW_TRACEPOINTS && kbtf_kind(type) == BTF_KIND_TYPEDEF &&
			 strncmp(name, raw, sizeof(raw) - 1) == 0)
			consider(near, name + sizeof(raw) - 1);
		else if (what == KERNEL_LSM_HOOKS && kbtf_kind(type) == BTF_KIND_FUNC &&
			 strncmp(name, lsm, sizeof(lsm) - 1) == 0)
			consider(near, name + sizeof(lsm) - 1);
		else if (what == KERNEL_ITERATORS && kbtf_kind(type) == BTF_KIND_STRUCT &&
			 strncmp(name, iter, sizeof(iter) - 1) == 0)
			consider(near, name + sizeof(iter) - 1);
	}
}

char *kernel_near(struct kernel *k, enum kernel_names what, const char *name, size_t max)
{
	struct near near = near_start(name, max);
	const struct kbtf *btf;

	if (what == KERNEL_TRACEPOINTS)
		consider_tracepoints(k, &near);
	else if (what != KERNEL_NOTHING && kernel_btf(k, &btf) == 0)
		consider_types(btf, what, &near);
	return joined(&near);
}

/* The fields of a record, and those of the nameless records in it. */
static void consider_members(const struct kbtf *btf, uint32_t id, struct near *near, int depth)
{
	const struct btf_type *record = kbtf_type(btf, kbtf_unqualified(btf, id));

	if (!kbtf_is_record(record) || depth == 0)
		return;
	for (uint32_t i = 0; i < kbtf_vlen(record); i++) {
		struct kbtf_member m = kbtf_member(btf, record, i);

		if (m.name[0])
			consider(near, m.name);
		else
			consider_members(btf, m.type, near, depth - 1);
	}
}

static uint32_t find_record(const struct kbtf *btf, const char *name)
{
	uint32_t id = kbtf_find(btf, BTF_KIND_STRUCT, name);

	return id ? id : kbtf_find(btf, BTF_KIND_UNION, name);
}

char *kernel_near_members(struct kernel *k, const char *record, const char *name, size_t max)
{
	struct near near = near_start(name, max);
	const struct kbtf *btf;

	if (kernel_btf(k, &btf) == 0)
		consider_members(btf, find_record(btf, record), &near, 8);
	return joined(&near);
}

bool kernel_has_function(struct kernel *k, const char *name)
{
	return kernel_find_function(k, name) != 0;
}

bool kernel_has_struct(struct kernel *k, const char *name)
{
	const struct kbtf *btf;

	return kernel_btf(k, &btf) == 0 && kbtf_find(btf, BTF_KIND_STRUCT, name) != 0;
}

int kernel_function_args(struct kernel *k, const char *name)
{
	const struct kbtf *btf;
	const struct btf_type *proto;
	uint32_t id;

	if (kernel_btf(k, &btf) != 0)
		return -ENOENT;
	id = kernel_find_function(k, name);
	proto = kbtf_type(btf, kbtf_type(btf, id)->type);
	if (id == 0 || kbtf_kind(proto) != BTF_KIND_FUNC_PROTO)
		return -ENOENT;
	return (int)kbtf_vlen(proto);
}
