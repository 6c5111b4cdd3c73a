/*
 * What the running kernel can do, found by looking for what it would show, never by its version.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/internal.h"

bool kernel_has_kprobes(struct kernel *k)
{
	const char *tracefs;
	struct ktext path = { 0 };
	bool there;

	if (access("/sys/bus/event_source/devices/kprobe/type", F_OK) == 0)
		return true;
	tracefs = kernel_tracefs(k);
	if (!tracefs)
		return false;
	ktext_printf(&path, "%s/kprobe_events", tracefs);
	there = path.data && access(path.data, F_OK) == 0;
	ktext_free(&path);
	return there;
}

int kernel_runs_lsm_programs(void)
{
	char *list = ktext_read_file(KERNEL_ACTIVE_LSMS, NULL), *save = NULL, *name;

	if (!list)
		return -errno;
	name = strtok_r(list, ",\n", &save);
	while (name && strcmp(name, "bpf"))
		name = strtok_r(NULL, ",\n", &save);
	free(list);
	return name != NULL;
}

bool kernel_has_enumerator(struct kernel *k, const char *name, const char *enumerator)
{
	const struct kbtf *btf;
	const struct btf_type *type;

	if (kernel_btf(k, &btf))
		return false;
	type = kbtf_type(btf, kbtf_find(btf, BTF_KIND_ENUM, name));
	for (uint32_t i = 0; kbtf_is_enum(type) && i < kbtf_vlen(type); i++)
		if (!strcmp(kbtf_value(btf, type, i).name, enumerator))
			return true;
	return false;
}

#define MAX_NESTING 16

/* Whether a record has a member, in the records without a name within it, too. */
static bool has_member(const struct kbtf *btf, uint32_t id, const char *member, int depth)
{
	const struct btf_type *type = kbtf_type(btf, kbtf_resolved(btf, id));

	if (!kbtf_is_record(type) || depth > MAX_NESTING)
		return false;
	for (uint32_t i = 0; i < kbtf_vlen(type); i++) {
		struct kbtf_member m = kbtf_member(btf, type, i);

		if (!*m.name ? has_member(btf, m.type, member, depth + 1) : !strcmp(m.name, member))
			return true;
	}
	return false;
}

int kernel_has_member(struct kernel *k, const char *record, const char *member)
{
	const struct kbtf *btf;
	uint32_t id;
	int err = kernel_btf(k, &btf);

	if (err || btf->count <= 1)
		return err ? err : -ENODATA;
	id = kbtf_find(btf, BTF_KIND_STRUCT, record);
	if (!id)
		id = kbtf_find(btf, BTF_KIND_UNION, record);
	return id && has_member(btf, id, member, 0);
}

/* The type of the functions that a tracepoint calls: a pointer; 0 when there is no such tracepoint. */
static int callback_type(struct kernel *k, const char *event, const struct kbtf **btf, uint32_t *id)
{
	char name[128];
	int err = kernel_btf(k, btf);

	*id = 0;
	if (err || (*btf)->count <= 1)
		return err ? err : -ENODATA;
	if ((size_t)snprintf(name, sizeof(name), "btf_trace_%s", event) < sizeof(name))
		*id = kbtf_find(*btf, BTF_KIND_TYPEDEF, name);
	return 0;
}

int kernel_has_raw_tracepoint(struct kernel *k, const char *event)
{
	const struct kbtf *btf;
	uint32_t id;
	int err = callback_type(k, event, &btf, &id);

	return err ? err : id != 0;
}

int kernel_tracepoint_args(struct kernel *k, const char *event)
{
	const struct btf_type *type;
	const struct kbtf *btf;
	uint32_t id;
	int err = callback_type(k, event, &btf, &id);

	if (err || !id)
		return err ? err : -ENOENT;
	type = kbtf_type(btf, kbtf_resolved(btf, id));
	if (kbtf_kind(type) == BTF_KIND_PTR)
		type = kbtf_type(btf, kbtf_resolved(btf, type->type));
	/* The first parameter is the kernel's own, for whoever registered the function. */
	if (kbtf_kind(type) != BTF_KIND_FUNC_PROTO || kbtf_vlen(type) == 0)
		return -ENODATA;
	return kbtf_vlen(type) - 1;
}
