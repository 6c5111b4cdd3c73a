/*
 * What libbpf-style programs take from <bpf/bpf_tracing.h>: register accessors and the macros that
 * unpack a program's arguments from its context.
 */
#ifndef BPF_TRACING_H
#define BPF_TRACING_H

#include <bpf/bpf_helpers.h>
#include <bcc/ptrace.h>

#define __BCC_COUNT_ARGS(_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, n, ...) n
#define __BCC_NARGS(...) \
	__BCC_COUNT_ARGS(_, ##__VA_ARGS__, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0)
#define __BCC_CAT_(a, b) a##b
#define __BCC_CAT(a, b) __BCC_CAT_(a, b)

/* fentry, fexit, lsm, tp_btf: ctx is an array of 64-bit words. */
#define __BCC_WORDS0() ctx
#define __BCC_WORDS1(x) __BCC_WORDS0(), (void *)ctx[0]
#define __BCC_WORDS2(x, ...) __BCC_WORDS1(__VA_ARGS__), (void *)ctx[1]
#define __BCC_WORDS3(x, ...) __BCC_WORDS2(__VA_ARGS__), (void *)ctx[2]
#define __BCC_WORDS4(x, ...) __BCC_WORDS3(__VA_ARGS__), (void *)ctx[3]
#define __BCC_WORDS5(x, ...) __BCC_WORDS4(__VA_ARGS__), (void *)ctx[4]
#define __BCC_WORDS6(x, ...) __BCC_WORDS5(__VA_ARGS__), (void *)ctx[5]
#define __BCC_WORDS7(x, ...) __BCC_WORDS6(__VA_ARGS__), (void *)ctx[6]
#define __BCC_WORDS8(x, ...) __BCC_WORDS7(__VA_ARGS__), (void *)ctx[7]
#define __BCC_WORDS9(x, ...) __BCC_WORDS8(__VA_ARGS__), (void *)ctx[8]
#define __BCC_WORDS10(x, ...) __BCC_WORDS9(__VA_ARGS__), (void *)ctx[9]
#define __BCC_WORDS11(x, ...) __BCC_WORDS10(__VA_ARGS__), (void *)ctx[10]
#define __BCC_WORDS12(x, ...) __BCC_WORDS11(__VA_ARGS__), (void *)ctx[11]
#define __BCC_WORDS(...) __BCC_CAT(__BCC_WORDS, __BCC_NARGS(__VA_ARGS__))(__VA_ARGS__)

#define BPF_PROG(name, args...) \
name(unsigned long long *ctx); \
static __always_inline __typeof__(name(0)) ____##name(unsigned long long *ctx, ##args); \
__typeof__(name(0)) name(unsigned long long *ctx) { return ____##name(__BCC_WORDS(args)); } \
static __always_inline __typeof__(name(0)) ____##name(unsigned long long *ctx, ##args)

/* kprobe and uprobe: arguments are in registers. */
#define __BCC_REGS0() ctx
#define __BCC_REGS1(x) __BCC_REGS0(), (void *)PT_REGS_PARM1(ctx)
#define __BCC_REGS2(x, ...) __BCC_REGS1(__VA_ARGS__), (void *)PT_REGS_PARM2(ctx)
#define __BCC_REGS3(x, ...) __BCC_REGS2(__VA_ARGS__), (void *)PT_REGS_PARM3(ctx)
#define __BCC_REGS4(x, ...) __BCC_REGS3(__VA_ARGS__), (void *)PT_REGS_PARM4(ctx)
#define __BCC_REGS5(x, ...) __BCC_REGS4(__VA_ARGS__), (void *)PT_REGS_PARM5(ctx)
#define __BCC_REGS6(x, ...) __BCC_REGS5(__VA_ARGS__), (void *)PT_REGS_PARM6(ctx)
#define __BCC_REGS(...) __BCC_CAT(__BCC_REGS, __BCC_NARGS(__VA_ARGS__))(__VA_ARGS__)

#define BPF_KPROBE(name, args...) \
name(struct pt_regs *ctx); \
static __always_inline __typeof__(name(0)) ____##name(struct pt_regs *ctx, ##args); \
__typeof__(name(0)) name(struct pt_regs *ctx) { return ____##name(__BCC_REGS(args)); } \
static __always_inline __typeof__(name(0)) ____##name(struct pt_regs *ctx, ##args)

#define __BCC_RET0() ctx
#define __BCC_RET1(x) __BCC_RET0(), (void *)PT_REGS_RC(ctx)
#define __BCC_RET(...) __BCC_CAT(__BCC_RET, __BCC_NARGS(__VA_ARGS__))(__VA_ARGS__)

#define BPF_KRETPROBE(name, args...) \
name(struct pt_regs *ctx); \
static __always_inline __typeof__(name(0)) ____##name(struct pt_regs *ctx, ##args); \
__typeof__(name(0)) name(struct pt_regs *ctx) { return ____##name(__BCC_RET(args)); } \
static __always_inline __typeof__(name(0)) ____##name(struct pt_regs *ctx, ##args)

#define BPF_UPROBE(name, args...) BPF_KPROBE(name, ##args)
#define BPF_URETPROBE(name, args...) BPF_KRETPROBE(name, ##args)

#endif
