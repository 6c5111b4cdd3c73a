/*
 * Trying what the kernel can do: the tables of features, and the means to try them. All probes return
 * 1 (yes), 0 (no), or a negative errno that stands in the way of an answer.
 */
#ifndef BCC_FEATURE_FEATURE_H
#define BCC_FEATURE_FEATURE_H

#include <bcc/feature.h>
#include <linux/bpf.h>

#include "context/context.h"
#include "kernel/kernel.h"


/* A row of a table. */
struct feature_row {
	const char *name;
	const char *since;
	const char *config;
	int number; /* of the type or helper */
	int (*probe)(struct kernel *k, const struct feature_row *row);
};

struct feature_table {
	const char *kind;
	const struct feature_row *rows;
	size_t n;
};

extern const struct feature_row program_features[], map_features[], helper_features[],
	attach_features[], kernel_features[];
extern const size_t n_program_features, n_map_features, n_helper_features, n_attach_features,
	n_kernel_features;

/* programs.c: the row's number is the type. */
int probe_program(struct kernel *k, const struct feature_row *row);
/* A do-nothing program's descriptor, or a negative errno. */
int load_nothing(int type, int expected, uint32_t btf_id, uint32_t flags);
/* A program of these instructions. */
int load_program(int type, const struct bpf_insn *insns, size_t n);
/* Whether a program of that type may call the helper of that number. */
int probe_helper_call(struct kernel *k, int type, int helper);
int probe_helper(struct kernel *k, const struct feature_row *row);

/* maps.c */
int probe_map(struct kernel *k, const struct feature_row *row);

/* Links of struct_ops come with a flag of their maps. */
int probe_struct_ops_link(struct kernel *k, const struct feature_row *row);

/* links.c, net.c: attach mechanisms. */
int probe_perf_link(struct kernel *k, const struct feature_row *row);
int probe_kprobe(struct kernel *k, const struct feature_row *row);
int probe_kprobe_multi(struct kernel *k, const struct feature_row *row);
int probe_uprobe(struct kernel *k, const struct feature_row *row);
int probe_uprobe_multi(struct kernel *k, const struct feature_row *row);
int probe_raw_tp(struct kernel *k, const struct feature_row *row);
int probe_trampoline(struct kernel *k, const struct feature_row *row);
int probe_iterator(struct kernel *k, const struct feature_row *row);
int probe_lsm(struct kernel *k, const struct feature_row *row);
int probe_bad_target(struct kernel *k, const struct feature_row *row);
int probe_in_netns(struct kernel *k, const struct feature_row *row);

/* kernel.c */
int probe_btf(struct kernel *k, const struct feature_row *row);
int probe_module_btf(struct kernel *k, const struct feature_row *row);
int probe_instructions(struct kernel *k, const struct feature_row *row);
int probe_batch(struct kernel *k, const struct feature_row *row);
int probe_mmap_array(struct kernel *k, const struct feature_row *row);
int probe_stats(struct kernel *k, const struct feature_row *row);
int probe_sleepable(struct kernel *k, const struct feature_row *row);

/* The BPF_LINK_CREATE of any kernel: the start of union bpf_attr, which has grown since. */
struct link_attr {
	uint32_t prog_fd, target_fd, attach_type, flags;
	union {
		struct {
			uint32_t flags, count;
			uint64_t symbols, addresses, cookies;
		} kprobe_multi;
		struct {
			uint32_t family, hook;
			int32_t priority;
			uint32_t flags;
		} netfilter;
		struct {
			uint64_t path, offsets, semaphores, cookies;
			uint32_t count, flags, pid;
		} uprobe_multi;
		uint64_t room[8];
	};
};

/* A link's descriptor, or a negative errno. */
int create_link(const struct link_attr *attr);

#endif
