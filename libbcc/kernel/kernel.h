/*
 * What the running kernel says of itself: its types (BTF), tracepoint formats, features, and the
 * privileges of this process. Read only; nothing here loads or attaches.
 *
 * Everything is opened at first use and kept: an mmap of BTF and one linear scan cost about 1 ms.
 */
#ifndef BCC_KERNEL_KERNEL_H
#define BCC_KERNEL_KERNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kernel;

struct kernel_opts {
	const char *btf_path; /* NULL: /sys/kernel/btf/vmlinux; an ELF file with .BTF or raw BTF */
	const void *btf; /* raw BTF in memory, copied, in place of any file; NULL: none */
	size_t btf_size;
	const char *modules_path; /* the types of its modules, a file for each; NULL:
				     /sys/kernel/btf, or none with another btf_path */
	const char *tracefs_path; /* NULL: /sys/kernel/tracing, then /sys/kernel/debug/tracing */
};

int kernel_open(const struct kernel_opts *opts, struct kernel **out);
void kernel_close(struct kernel *k);

/* The tracefs directory that is used, or NULL when none is mounted. */
const char *kernel_tracefs(struct kernel *k);

/* Whether there is a tracefs that this process may not read; kernel_tracefs() is NULL then. */
bool kernel_tracefs_closed(struct kernel *k);

/* --- types.c: the header of needed types --- */

struct types_request {
	const char *const *names; /* every identifier of the expanded text (typedefs, enumerators and
				     members are found by it); "struct x" for each x that stands
				     after struct, union or enum */
	size_t n_names;
	const char *const *own;   /* tags, typedefs and enumerators that the text itself defines:
				     "struct key", "union u", "enum e", or a plain name */
	size_t n_own;
	const char *const *tracepoints; /* "CATEGORY__EVENT" as written in struct tracepoint__... */
	size_t n_tracepoints;
	bool portable; /* CO-RE: only the named members, preserve_access_index; else exact layout */
};

struct types_reply {
	char *header;     /* C declarations, freed by types_reply_free() */
	char **missing;   /* tracepoints that the kernel does not have, NULL-terminated */
};

/*
 * Writes C declarations for every kernel type that the request needs, dependencies first.
 * A kernel without BTF is no error: the header then has only what tracefs says.
 * Errors: -ENOMEM, -EINVAL (malformed BTF); for a btf_path that cannot be read, why.
 */
int kernel_types(struct kernel *k, const struct types_request *rq, struct types_reply *out);
void types_reply_free(struct types_reply *reply);

/* --- names.c: near misses for messages --- */

enum kernel_names {
	KERNEL_TRACEPOINTS, /* "category:event" */
	KERNEL_RAW_TRACEPOINTS,
	KERNEL_FUNCTIONS,
	KERNEL_STRUCTS,
	KERNEL_LSM_HOOKS,
	KERNEL_ITERATORS,
	KERNEL_NOTHING, /* names that are not the kernel's */
};

/* Up to max names that look like name, best first, joined by ", "; "" when none. malloc()ed,
 * NULL when memory ran out. */
char *kernel_near(struct kernel *k, enum kernel_names what, const char *name, size_t max);

/* Up to max members of the kernel's struct that look like name. */
char *kernel_near_members(struct kernel *k, const char *record, const char *name, size_t max);

/* All tracepoints, "category:event" one string after the other, the last one empty. Kept by k; NULL
 * when tracefs is not there for us. */
const char *kernel_tracepoint_names(struct kernel *k);

/* Whether the kernel's BTF has a function, and a struct. */
bool kernel_has_function(struct kernel *k, const char *name);
bool kernel_has_struct(struct kernel *k, const char *name);

/* Whether an enum of the kernel's has such an enumerator. */
bool kernel_has_enumerator(struct kernel *k, const char *name, const char *enumerator);

/* The number of parameters of a kernel function by BTF, or -ENOENT. */
int kernel_function_args(struct kernel *k, const char *name);

/* The measure behind the above, for any list: 0 for equal names, more for less likeness, UINT_MAX
 * for none worth telling. */
unsigned name_distance(const char *a, const char *b);

/* --- feature.c --- */

/* Whether kprobes can be attached: a kprobe PMU or tracefs's kprobe_events exists. */
bool kernel_has_kprobes(struct kernel *k);

/* The security modules that are active, with commas between. */
#define KERNEL_ACTIVE_LSMS "/sys/kernel/security/lsm"

/* Whether BPF is among them: 1 or 0, or a negative errno value when nobody says so. */
int kernel_runs_lsm_programs(void);

/* Whether a struct or union of the kernel's has a member: 1 or 0; negative: there is no BTF. */
int kernel_has_member(struct kernel *k, const char *record, const char *member);

/* Whether its BTF has a tracepoint, of whatever category; as above. */
int kernel_has_raw_tracepoint(struct kernel *k, const char *event);

/* How many arguments that tracepoint has; -ENOENT: there is none of this name, -ENODATA: no BTF. */
int kernel_tracepoint_args(struct kernel *k, const char *event);

/* --- version.c --- */

/* LINUX_VERSION_CODE of the running kernel; 0 when it cannot be told. */
uint32_t kernel_version_code(void);

/* The same from uname's release and version, and Ubuntu's signature (may be NULL). */
uint32_t kernel_version_parse(const char *release, const char *version, const char *signature);

/* --- privilege.c --- */

/*
 * What is missing to load and attach BPF, as one sentence naming the capability or the setting, and
 * the way to get it in *hint. Returns NULL when nothing is. Both are malloc()ed.
 */
char *privilege_missing(char **hint_dup);

/* The same for programs of the network: these need CAP_NET_ADMIN as well. */
char *privilege_missing_network(char **hint_dup);

#endif
