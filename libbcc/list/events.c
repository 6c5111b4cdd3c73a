/*
 * What the kernel has put into itself to be attached to: tracepoints (tracefs), their raw forms (BTF:
 * each has a typedef btf_trace_NAME for its function), iterators and LSM hooks (BTF).
 *
 * Where tracefs is closed to this user, tracepoints are listed by their raw names: their categories
 * are not known then.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "kernel/internal.h"
#include "list/list.h"

#define HEADER_SIZE 8 /* of a tracepoint's record: the fields that all of them share */

static const char raw_prefix[] = "btf_trace_";

/* A sorted list of names, borrowed. */
struct names {
	struct name_id {
		const char *name;
		uint32_t id;
	} *list;
	size_t n, cap;
	bool failed;
};

static void name_add(struct names *names, const char *name, uint32_t id)
{
	struct name_id *grown;

	if (names->n == names->cap) {
		names->cap = names->cap ? names->cap * 2 : 256;
		grown = reallocarray(names->list, names->cap, sizeof(*grown));
		if (!grown) {
			names->failed = true;
			names->cap = names->n;
			return;
		}
		names->list = grown;
	}
	names->list[names->n++] = (struct name_id){ name, id };
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct name_id *)a)->name, ((const struct name_id *)b)->name);
}

static int names_sort(struct listing *l, struct names *names)
{
	if (names->failed)
		return diag_fail(l->ctx, -ENOMEM, "memory", "out of memory");
	if (names->n)
		qsort(names->list, names->n, sizeof(*names->list), by_name);
	return 0;
}

static int get_btf(struct listing *l, const struct kbtf **btf)
{
	int err = kernel_btf(l->kernel, btf);

	return err ? diag_fail(l->ctx, err, "list", "cannot read the kernel's types: %s",
			       bcc_strerror(err)) : 0;
}

/* --- raw tracepoints --- */

static bool is_raw(void *data, uint32_t kind, const char *name)
{
	return kind == BTF_KIND_TYPEDEF && !strncmp(name, raw_prefix, sizeof(raw_prefix) - 1) &&
	       list_wants(data, name + sizeof(raw_prefix) - 1);
}

/* The functions called PREFIXname for the names that are asked for: they know their parameters. */
static int find_functions(struct listing *l, const struct kbtf *btf, const char *prefix,
			  struct names *names)
{
	size_t size = strlen(prefix);

	for (uint32_t id = 1; l->args && id < btf->count; id++) {
		const struct btf_type *type = kbtf_type(btf, id);
		const char *name = kbtf_name(btf, type);

		if (kbtf_kind(type) == BTF_KIND_FUNC && !strncmp(name, prefix, size) &&
		    list_wants(l, name + size))
			name_add(names, name + size, id);
	}
	return names_sort(l, names);
}

/* The prototype of that function, 0 when there is none. */
static uint32_t find_proto(const struct kbtf *btf, const struct names *names, const char *name)
{
	const struct name_id key = { .name = name };
	const struct name_id *found = names->n ? bsearch(&key, names->list, names->n, sizeof(key),
							 by_name) : NULL;

	return found ? kbtf_type(btf, found->id)->type : 0;
}

/* Names point into BTF, which stays where it is for the rest of the list. */
static int find_raw(struct listing *l, const struct kbtf **btf, struct names *names)
{
	const struct module_search search = { .wants = is_raw, .data = l };
	int err = get_btf(l, btf);

	if (!err && kernel_search_modules(l->kernel, &search))
		err = diag_fail(l->ctx, -ENOMEM, "memory", "out of memory");
	for (uint32_t id = 1; !err && id < (*btf)->count; id++) {
		const struct btf_type *type = kbtf_type(*btf, id);
		const char *name = kbtf_name(*btf, type);

		if (is_raw(l, kbtf_kind(type), name))
			name_add(names, name + sizeof(raw_prefix) - 1, id);
	}
	return err ? err : names_sort(l, names);
}

/* From the function that calls the programs, or else, without names, from the typedef: that is of a
 * pointer to a function. The first parameter is the kernel's own. */
static void add_raw_args(const struct kbtf *btf, const struct name_id *raw,
			 const struct names *callers, struct hook_args *args)
{
	uint32_t proto = find_proto(btf, callers, raw->name);
	const struct btf_type *pointer = kbtf_type(btf, kbtf_resolved(btf, raw->id));

	if (!proto && kbtf_kind(pointer) == BTF_KIND_PTR)
		proto = kbtf_unqualified(btf, pointer->type);
	args_of_proto(args, btf, proto, 1);
	free(args->result);
	args->result = NULL;
}

static int emit_raw(struct listing *l, const char *prefix)
{
	struct names names = { 0 }, callers = { 0 };
	struct ktext rest = { 0 };
	const struct kbtf *btf;
	int err = find_raw(l, &btf, &names);

	if (!err)
		err = find_functions(l, btf, "__traceiter_", &callers);
	for (size_t i = 0; !err && i < names.n; i++) {
		struct hook_args args = { 0 };

		if (i && !strcmp(names.list[i].name, names.list[i - 1].name))
			continue;
		if (l->args)
			add_raw_args(btf, &names.list[i], &callers, &args);
		ktext_printf(&rest, "%s%s", prefix, names.list[i].name);
		args.failed |= !rest.data;
		err = list_emit(l, rest.data ? rest.data : "", NULL, NULL, &args);
		ktext_free(&rest);
	}
	free(names.list);
	free(callers.list);
	return err;
}

int list_raw_tracepoints(struct listing *l)
{
	return emit_raw(l, "");
}

/* --- tracepoints --- */

static void add_event_args(struct listing *l, const char *event, struct hook_args *args)
{
	const char *colon = strchr(event, ':');
	bool is_call = !strncmp(event, "syscalls:sys_", 13);
	struct ktext path = { 0 };
	char *text = NULL;

	ktext_printf(&path, "%s/events/%.*s/%s/format", kernel_tracefs(l->kernel),
		     (int)(colon - event), event, colon + 1);
	if (path.data)
		text = ktext_read_file(path.data, NULL);
	ktext_free(&path);
	/* A system call's number, which all of them have in front, is not one of its arguments. */
	if (text)
		args_of_format(args, text, is_call ? 2 * HEADER_SIZE : HEADER_SIZE);
	free(text);
}

static int list_by_category(struct listing *l, const char *events)
{
	struct names names = { 0 };
	int err;

	for (const char *p = events; p && *p; p += strlen(p) + 1)
		if (strchr(p, ':') && list_wants(l, p))
			name_add(&names, p, 0);
	err = names_sort(l, &names);
	for (size_t i = 0; !err && i < names.n; i++) {
		struct hook_args args = { 0 };

		if (l->args)
			add_event_args(l, names.list[i].name, &args);
		err = list_emit(l, names.list[i].name, NULL, NULL, &args);
	}
	free(names.list);
	return err;
}

int list_tracepoints(struct listing *l)
{
	const char *events = kernel_tracepoint_names(l->kernel), *glob = l->glob, *colon;
	int err;

	if (events)
		return list_by_category(l, events);
	if (l->named)
		list_note(l, "tracefs", kernel_tracefs_closed(l->kernel) ?
			  "tracefs may not be read by this user: the categories of tracepoints are not "
			  "known (shown as *), and those of system calls are missing" :
			  "tracefs is not mounted: the categories of tracepoints are not known (shown "
			  "as *), and those of system calls are missing");
	/* By the event's name alone. */
	colon = strchr(glob, ':');
	l->glob = colon ? colon + 1 : glob;
	err = emit_raw(l, "*:");
	l->glob = glob;
	return err;
}

/* --- iterators and LSM hooks --- */

/* An iterator over THINGs has a function bpf_iter_THING and a context struct bpf_iter__THING. */
int list_iterators(struct listing *l)
{
	static const char prefix[] = "bpf_iter__";
	struct names names = { 0 };
	const struct kbtf *btf;
	int err = get_btf(l, &btf);

	for (uint32_t id = 1; !err && id < btf->count; id++) {
		const struct btf_type *type = kbtf_type(btf, id);
		const char *name = kbtf_name(btf, type) + sizeof(prefix) - 1;

		if (kbtf_kind(type) == BTF_KIND_STRUCT &&
		    !strncmp(kbtf_name(btf, type), prefix, sizeof(prefix) - 1) &&
		    !strstr(name, "__safe") && list_wants(l, name))
			name_add(&names, name, id);
	}
	if (!err)
		err = names_sort(l, &names);
	for (size_t i = 0; !err && i < names.n; i++) {
		struct hook_args args = { 0 };

		if (l->args)
			args_of_record(&args, btf, names.list[i].id, 1);
		err = list_emit(l, names.list[i].name, NULL, NULL, &args);
	}
	free(names.list);
	return err;
}

/* The hooks are the members of a union; programs are bound to functions bpf_lsm_MEMBER. */
int list_lsm(struct listing *l)
{
	struct names names = { 0 }, functions = { 0 };
	const struct kbtf *btf;
	uint32_t record = 0;
	int err = get_btf(l, &btf);

	if (!err)
		record = kbtf_find(btf, BTF_KIND_UNION, "security_list_options");
	for (uint32_t i = 0; record && i < kbtf_vlen(kbtf_type(btf, record)); i++) {
		struct kbtf_member m = kbtf_member(btf, kbtf_type(btf, record), i);

		if (m.name[0] && list_wants(l, m.name))
			name_add(&names, m.name, m.type);
	}
	if (!err)
		err = names_sort(l, &names);
	if (!err)
		err = find_functions(l, btf, "bpf_lsm_", &functions);
	for (size_t i = 0; !err && i < names.n; i++) {
		struct hook_args args = { 0 };

		if (l->args)
			args_of_proto(&args, btf, find_proto(btf, &functions, names.list[i].name),
				      0);
		err = list_emit(l, names.list[i].name, NULL, NULL, &args);
	}
	free(names.list);
	free(functions.list);
	return err;
}
