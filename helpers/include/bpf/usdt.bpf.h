/*
 * What libbpf-style programs take from <bpf/usdt.bpf.h>. The functions themselves are libbpf's, with
 * the two maps that they use: they come in where rewritten text is compiled, and the text is only
 * shown their declarations.
 */
#ifndef BCC_BPF_USDT_H
#define BCC_BPF_USDT_H

#include <bpf/bpf_tracing.h>

#ifdef __BCC_CODEGEN
#include <libbpf/usdt.bpf.h>
#else
struct pt_regs;
int bpf_usdt_arg_cnt(struct pt_regs *ctx);
int bpf_usdt_arg(struct pt_regs *ctx, unsigned long long arg_num, long *res);
long bpf_usdt_cookie(struct pt_regs *ctx);

#define __BCC_USDT(n) ({ long __x; bpf_usdt_arg(ctx, n, &__x); (void *)__x; })
#define __BCC_USDT0() ctx
#define __BCC_USDT1(x) __BCC_USDT0(), __BCC_USDT(0)
#define __BCC_USDT2(x, ...) __BCC_USDT1(__VA_ARGS__), __BCC_USDT(1)
#define __BCC_USDT3(x, ...) __BCC_USDT2(__VA_ARGS__), __BCC_USDT(2)
#define __BCC_USDT4(x, ...) __BCC_USDT3(__VA_ARGS__), __BCC_USDT(3)
#define __BCC_USDT5(x, ...) __BCC_USDT4(__VA_ARGS__), __BCC_USDT(4)
#define __BCC_USDT6(x, ...) __BCC_USDT5(__VA_ARGS__), __BCC_USDT(5)
#define __BCC_USDT7(x, ...) __BCC_USDT6(__VA_ARGS__), __BCC_USDT(6)
#define __BCC_USDT8(x, ...) __BCC_USDT7(__VA_ARGS__), __BCC_USDT(7)
#define __BCC_USDT9(x, ...) __BCC_USDT8(__VA_ARGS__), __BCC_USDT(8)
#define __BCC_USDT10(x, ...) __BCC_USDT9(__VA_ARGS__), __BCC_USDT(9)
#define __BCC_USDT11(x, ...) __BCC_USDT10(__VA_ARGS__), __BCC_USDT(10)
#define __BCC_USDT12(x, ...) __BCC_USDT11(__VA_ARGS__), __BCC_USDT(11)
#define __BCC_USDTS(...) __BCC_CAT(__BCC_USDT, __BCC_NARGS(__VA_ARGS__))(__VA_ARGS__)

#define BPF_USDT(name, args...) \
name(struct pt_regs *ctx); \
static __always_inline __typeof__(name(0)) ____##name(struct pt_regs *ctx, ##args); \
__typeof__(name(0)) name(struct pt_regs *ctx) { return ____##name(__BCC_USDTS(args)); } \
static __always_inline __typeof__(name(0)) ____##name(struct pt_regs *ctx, ##args)
#endif

#endif
