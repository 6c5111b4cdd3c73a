/*
 * Perf events as the carriers of BPF programs: tracepoints, kprobes, uprobes and software events
 * all are one, and all are gone with their descriptor.
 */
#ifndef BCC_ATTACH_PERF_EVENT_H
#define BCC_ATTACH_PERF_EVENT_H

#include <linux/perf_event.h>

#include "attach/hook.h"

/* pid -1: every process; cpu -1: every CPU (not both). A descriptor or a negative errno. */
int perf_open(struct perf_event_attr *attr, int pid, int cpu);

/* perf_name.c: what a name stands for. -ENOENT: there is no such event; -EINVAL: malformed. */
int perf_event_named(const char *name, struct perf_event_attr *attr);
/* The names one after the other but for those of caches; NULL past the last. */
const char *perf_event_name_at(size_t i);

#define PERF_FDS 2 /* the event and the link on it */

/*
 * Puts the program on the event fd and adds that to out, which has room for PERF_FDS more. Takes
 * fd over in any case. Returns a negative errno without a diagnostic.
 */
int perf_attach(struct hook *h, const struct program_load *load, int fd, struct attachment *out);

/* Places that get an event each. */
struct perf_many {
	size_t n;
	int (*open)(struct hook *h, void *data, size_t i); /* an event, or a negative errno */
	bool (*skip)(int err); /* whether a place that fails so is left out */
	void *data;
	size_t skipped; /* out: places left out */
};

/* Many events as one attachment. Errors have their diagnostic; all left out is the last error. */
int perf_attach_many(struct hook *h, const struct program_load *load, struct perf_many *many,
		     struct attachment *out);

/* An event that stands alone; with its diagnostic. */
int perf_attach_single(struct hook *h, const struct program_load *load, int fd,
		       struct attachment *out);

/* The type number of a dynamic event source ("kprobe", "uprobe"), -ENOENT when there is none. */
int perf_source_type(const char *name);

/* The first bit of the part of attr.config that a format names ("ref_ctr_offset", "config:32-63");
 * -ENOENT when the source has no such format. */
int perf_source_bit(const char *source, const char *format);

/* The bit of attr.config that makes a probe of that source a return probe. */
uint64_t perf_source_return_bit(const char *name);

/* perf.c: the name of the i-th software event ("cpu-clock"), NULL past the last. */
const char *perf_software_event(size_t i);

/* The text of a small file of the kernel's without its newline; the size or a negative errno. */
int read_small_file(const char *path, char *buf, size_t size);

#endif
