/*
 * The handle on the running kernel: opens BTF and finds tracefs when they are first asked for, and
 * keeps them. A kernel that has neither is no error; a BTF file that was asked for by name and
 * cannot be read is one.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel/internal.h"

#define KERNEL_BTF "/sys/kernel/btf/vmlinux"

int kernel_open(const struct kernel_opts *opts, struct kernel **out)
{
	struct kernel *k = calloc(1, sizeof(*k));

	if (!k)
		return -ENOMEM;
	if (opts && opts->btf_path)
		k->btf_path = strdup(opts->btf_path);
	if (opts && opts->modules_path)
		k->modules_path = strdup(opts->modules_path);
	if (opts && opts->tracefs_path)
		k->tracefs_path = strdup(opts->tracefs_path);
	if (opts && opts->btf) {
		int err = kbtf_open_memory(opts->btf, opts->btf_size, &k->btf);

		if (err) {
			kernel_close(k);
			return err;
		}
		k->btf_tried = k->btf_given = true;
	}
	if (opts && ((opts->btf_path && !k->btf_path) ||
		     (opts->modules_path && !k->modules_path) ||
		     (opts->tracefs_path && !k->tracefs_path))) {
		kernel_close(k);
		return -ENOMEM;
	}
	*out = k;
	return 0;
}

void kernel_close(struct kernel *k)
{
	if (!k)
		return;
	if (k->btf_tried && k->btf.offsets)
		kbtf_close(&k->btf);
	for (size_t i = 0; i < k->n_added; i++)
		free(k->added[i]);
	free(k->added);
	free(k->btf_path);
	free(k->modules_path);
	free(k->tracefs_path);
	free(k->tracefs);
	free(k->events);
	free(k);
}

int kernel_btf(struct kernel *k, const struct kbtf **out)
{
	static const struct kbtf none = { .strings = "", .strings_size = 1, .count = 1,
					  .base_count = 1, .base_strings = 1 };
	int err;

	if (!k->btf_tried) {
		err = kbtf_open(k->btf_path ? k->btf_path : KERNEL_BTF, &k->btf);
		if (err == -ENOMEM)
			return err; /* perhaps not the next time */
		k->btf_tried = true;
		/* No BTF is a kind of kernel; malformed BTF is nobody's. */
		k->btf_err = k->btf_path || err == -EINVAL ? err : 0;
	}
	*out = k->btf.offsets ? &k->btf : &none;
	return k->btf_err;
}

static bool has_events(const char *tracefs)
{
	struct ktext path = { 0 };
	bool there;

	ktext_printf(&path, "%s/events", tracefs);
	errno = 0;
	there = path.data && access(path.data, R_OK | X_OK) == 0;
	ktext_free(&path); /* leaves errno */
	return there;
}

const char *kernel_tracefs(struct kernel *k)
{
	const char *places[] = { "/sys/kernel/tracing", "/sys/kernel/debug/tracing", NULL };

	if (k->tracefs_tried)
		return k->tracefs;
	if (k->tracefs_path) {
		places[0] = k->tracefs_path;
		places[1] = NULL;
	}
	k->tracefs_tried = true;
	for (const char **p = places; *p && !k->tracefs; p++) {
		if (has_events(*p))
			k->tracefs = strdup(*p);
		else if (errno == EACCES)
			k->tracefs_closed = true;
	}
	return k->tracefs;
}

bool kernel_tracefs_closed(struct kernel *k)
{
	return !kernel_tracefs(k) && k->tracefs_closed;
}
