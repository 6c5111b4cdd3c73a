/*
 * What the running kernel can do, found by looking for what it would show, never by its version.
 */
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
