/*
 * bcc/feature.h - what the running kernel can do for BPF, found out by trying.
 *
 * Each feature is tried in the smallest way: a program of two instructions is loaded, a map made, a
 * program attached to something that this library makes for it or that the kernel has for tests.
 * Nothing is left behind. Versions of kernels decide nothing; they are only told.
 */
#ifndef BCC_FEATURE_H
#define BCC_FEATURE_H

#include <bcc/common.h>

BCC_EXTERN_C_BEGIN

enum bcc_feature_state {
	BCC_FEATURE_NO = 0,
	BCC_FEATURE_YES = 1,
	BCC_FEATURE_UNKNOWN = 2, /* it could not be tried; bcc_feature.why says why */
};

/* One feature. It may grow at its end: use it where it is, do not copy it. */
struct bcc_feature {
	const char *kind;   /* "program", "map", "helper", "attach", "kernel" */
	const char *name;   /* "xdp", "ringbuf", "get_stackid", "kprobe_multi", "bounded_loops" */
	const char *since;  /* the first kernel that has it: "5.8" */
	const char *config; /* the kernel's configuration option that it needs beyond BPF's own, or NULL */
	enum bcc_feature_state state;
	const char *why;    /* of no and unknown, or NULL when the kernel just does not know it */
};

/* Return 0 to go on, anything else to end the walk. */
typedef int (*bcc_feature_fn)(void *data, const struct bcc_feature *feature);

struct bcc_feature_opts {
	size_t size;
	const char *kind; /* only these; NULL: all */
	const char *type; /* helpers: whether programs of this type ("xdp") may call them; NULL: whether
			     any of the common types may */
};

BCC_API void bcc_feature_opts_init(struct bcc_feature_opts *opts);

/*
 * Tries all features and hands them to fn. Returns how many there were, or a negative error: -EINVAL
 * (there is no such kind or type), -ENOMEM, or what fn returned if it is negative. That the kernel
 * lacks something, or that a privilege is missing, is an answer and no error.
 */
BCC_API int bcc_features_walk(struct bcc_context *ctx, const struct bcc_feature_opts *opts,
			      bcc_feature_fn fn, void *data);

/*
 * Tries one. Returns enum bcc_feature_state, or -EINVAL when this library knows none of that name.
 */
BCC_API int bcc_feature_query(struct bcc_context *ctx, const char *kind, const char *name);

/* Whether programs of a type ("xdp") may call a helper ("redirect_map", with or without "bpf_").
 * Returns as bcc_feature_query(). */
BCC_API int bcc_feature_query_helper(struct bcc_context *ctx, const char *helper, const char *type);

/* The running kernel's version as KERNEL_VERSION() counts; 0 when it cannot be told. Distributions'
 * true one, where uname(2) hides it. */
BCC_API uint32_t bcc_kernel_version(void);

BCC_EXTERN_C_END

#endif
