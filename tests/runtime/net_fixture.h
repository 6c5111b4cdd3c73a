/*
 * What the tests of the network's hooks share: the laboratory, a module with a counting program for
 * each kind of context, and what ip and tc say is there.
 */
#ifndef TESTS_NET_FIXTURE_H
#define TESTS_NET_FIXTURE_H

#include "runtime.h"

#include <bcc/bcc.h>
#include <fcntl.h>
#include <linux/version.h>

#include "netlab.h"

static const char text[] =
	"BPF_ARRAY(n, u64, 1);\n"
	"static int see(u32 len) {\n"
	"	int zero = 0;\n"
	"	if (len >= 780 && len <= 900) n.increment(zero);\n"
	"	return 0; }\n"
	"int on_skb(struct __sk_buff *skb) { see(skb->len); return 0; }\n"
	"int on_next(struct __sk_buff *skb) { see(skb->len); return -1; }\n"
	"int on_xdp(struct xdp_md *ctx) { see(ctx->data_end - ctx->data); return XDP_PASS; }\n"
	"SEC(\"xdp.frags\") int on_frags(struct xdp_md *ctx)\n"
	"{ see(ctx->data_end - ctx->data); return XDP_PASS; }\n"
	"SEC(\"xdp/devmap\") int in_map(struct xdp_md *ctx) { return XDP_PASS; }\n"
	"SEC(\"socket\") int written_for_sockets(struct __sk_buff *skb)\n"
	"{ see(skb->len); return 0; }\n";

/* Types that only kernels with netfilter programs have. */
static const char nf_text[] =
	"BPF_ARRAY(n, u64, 1);\n"
	"SEC(\"netfilter\") int on_nf(struct bpf_nf_ctx *ctx) {\n"
	"	int zero = 0; u32 len = ctx->skb->len;\n"
	"	if (len >= 780 && len <= 900) n.increment(zero);\n"
	"	return 1; }\n";

#define V(major, minor) KERNEL_VERSION(major, minor, 0)

static struct lab lab;
static struct bcc_context *ctx;
static struct bcc_module *mod, *nf_mod; /* the second is NULL where there are no such types */
static int descriptors;

/* Once for all: where this runs under an emulator, compiling takes seconds. */
static inline int open_modules(void **state)
{
	BCC_OPTS(bcc_context_opts, opts, .compiler_path = TEST_COMPILER);

	(void)state;
	descriptors = bpf_descriptors();
	assert_int_equal(bcc_context_create(&opts, &ctx), 0);
	check(ctx, bcc_module_create(ctx, text, NULL, &mod), 0);
	if (bcc_module_create(ctx, nf_text, NULL, &nf_mod))
		assert_true(kernel_version_code() < V(6, 4));
	return 0;
}

static inline int close_modules(void **state)
{
	(void)state;
	bcc_context_destroy(ctx);
	assert_int_equal(bpf_descriptors(), descriptors);
	return 0;
}

static inline bool clean(void);

static inline int setup(void **state)
{
	uint64_t zero = 0;
	int key = 0;

	(void)state;
	check(ctx, bcc_table_set(bcc_module_table(mod, "n"), &key, &zero), 0);
	if (nf_mod)
		check(ctx, bcc_table_set(bcc_module_table(nf_mod, "n"), &key, &zero), 0);
	return 0;
}

static inline int teardown(void **state)
{
	(void)state;
	while (mod->links)
		bcc_link_destroy(mod->links);
	while (nf_mod && nf_mod->links)
		bcc_link_destroy(nf_mod->links);
	assert_true(clean());
	return 0;
}

/* --- what there is --- */

static inline char *output(const char *command)
{
	FILE *f = popen(command, "re");
	char *out = calloc(1, 65536);
	size_t n;

	assert_non_null(f);
	n = fread(out, 1, 65535, f);
	out[n] = '\0';
	pclose(f);
	return out;
}

static inline bool shows(const char *command, const char *what)
{
	char *out = output(command);
	bool found = strstr(out, what);

	free(out);
	return found;
}

static const char everything[] =
	"tc qdisc show; tc filter show dev va ingress; tc filter show dev va egress; "
	"ip route show table all; ip -6 route show table all; ip -d link show";

/* Nothing of ours is on the near side. */
static inline bool clean(void)
{
	char *out = output(everything);
	bool found = strstr(out, "clsact") || strstr(out, "bcc:") || strstr(out, "encap") ||
		     strstr(out, "xdp");

	free(out);
	return !found;
}

static inline bool wait_clean(void)
{
	for (int i = 0; i < 200; i++) {
		if (clean())
			return true;
		usleep(20000);
	}
	return false;
}

/* --- counting --- */

static inline uint64_t counted(struct bcc_module *m)
{
	uint64_t value = 0;
	int zero = 0;

	check(ctx, bcc_table_get(bcc_module_table(m, "n"), &zero, &value), 0);
	return value;
}

static inline bool reaches(struct bcc_module *m, uint64_t wanted)
{
	for (int i = 0; i < 200 && counted(m) < wanted; i++)
		usleep(10000);
	return counted(m) == wanted;
}

enum source { NEAR, FAR, SEGMENTS };

static inline void send_packets(enum source source, const char *to, int n)
{
	struct sending s = { .to = to, .n = n };

	switch (source) {
	case NEAR:
		assert_int_equal(lab_send_here(&s), n);
		break;
	case FAR:
		assert_int_equal(lab_from_far(&lab, lab_send_here, &s), n);
		break;
	case SEGMENTS:
		assert_int_equal(lab_from_far(&lab, lab_send_segments_here, &s), n);
		break;
	}
}

static inline struct bcc_link *attach(const char *program, const char *hook)
{
	struct bcc_link *link = NULL;

	check(ctx, bcc_program_attach(bcc_module_program(mod, program), hook, NULL, &link), 0);
	return link;
}

#endif
