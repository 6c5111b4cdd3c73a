/*
 * From the section of a program to the hook string it asks for: "tracepoint/sched/sched_switch"
 * becomes "tracepoint:sched:sched_switch". A section that is just a type ("kprobe") asks for none.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "object/module.h"

static const struct {
	const char *section; /* up to the first slash, without a sleepable mark ".s" */
	const char *hook;
} kinds[] = {
	{ "tracepoint", "tracepoint" },
	{ "tp", "tracepoint" },
	{ "raw_tracepoint", "raw_tp" },
	{ "raw_tp", "raw_tp" },
	{ "tp_btf", "tp_btf" },
	{ "kprobe", "kprobe" },
	{ "kretprobe", "kretprobe" },
	{ "ksyscall", "ksyscall" },
	{ "kretsyscall", "kretsyscall" },
	{ "fentry", "fentry" },
	{ "fexit", "fexit" },
	{ "fmod_ret", "fmod_ret" },
	{ "lsm", "lsm" },
	{ "iter", "iter" },
	{ "raw_tp.w", "raw_tp_writable" },
	{ "raw_tracepoint.w", "raw_tp_writable" },
	{ "kprobe.multi", "kprobe" },
	{ "kretprobe.multi", "kretprobe" },
	{ "uprobe", "uprobe" },
	{ "uretprobe", "uretprobe" },
	{ "usdt", "usdt" },
};

static const char *kind_of(const char *section, size_t length)
{
	if (length > 2 && !strncmp(section + length - 2, ".s", 2))
		length -= 2;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (strlen(kinds[i].section) == length &&
		    !strncmp(kinds[i].section, section, length))
			return kinds[i].hook;
	return NULL;
}

char *section_hook(const char *section)
{
	const char *slash, *kind;
	char *hook, *sep;

	/* "?" is libbpf's mark for "do not load by itself", which we never do. */
	section += *section == '?';
	slash = strchr(section, '/');
	kind = slash && slash[1] ? kind_of(section, slash - section) : NULL;
	if (!kind || asprintf(&hook, "%s:%s", kind, slash + 1) < 0)
		return NULL;
	/* Only the tracepoint's category has a slash behind it; a path keeps its own. */
	sep = strcmp(kind, "tracepoint") ? NULL : strchr(hook, '/');
	if (sep)
		*sep = ':';
	return hook;
}
