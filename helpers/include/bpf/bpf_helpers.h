/*
 * What libbpf-style programs take from <bpf/bpf_helpers.h>: section and map definition macros.
 * The prototypes of the kernel's helpers are not here: the compiler adds just those that a text
 * names, from libbpf's own table.
 */
#ifndef BPF_HELPERS_H
#define BPF_HELPERS_H

#define SEC(name) __attribute__((section(name), used))

#define __uint(name, val) int (*name)[val]
#define __type(name, val) __typeof__(val) *name
#define __array(name, val) __typeof__(val) *name[]
#define __ulong(name, val) enum { __bcc_ulong_##name = val } name

#undef __always_inline
#define __always_inline inline __attribute__((always_inline))
#ifndef __noinline
#define __noinline __attribute__((noinline))
#endif
#ifndef __weak
#define __weak __attribute__((weak))
#endif
#define __hidden __attribute__((visibility("hidden")))
#define __kconfig __attribute__((section(".kconfig")))
#define __ksym __attribute__((section(".ksyms")))
#define __kptr __attribute__((btf_type_tag("kptr")))

#define barrier_var(var) __asm__ volatile("" : "+r"(var))

#define LIBBPF_PIN_NONE 0
#define LIBBPF_PIN_BY_NAME 1

/* Values as the 64-bit words in which the kernel's printing functions take them. */
#define __bcc_word(x) (unsigned long long)(x)
#define __bcc_words1(a) __bcc_word(a)
#define __bcc_words2(a, b...) __bcc_word(a), __bcc_words1(b)
#define __bcc_words3(a, b...) __bcc_word(a), __bcc_words2(b)
#define __bcc_words4(a, b...) __bcc_word(a), __bcc_words3(b)
#define __bcc_words5(a, b...) __bcc_word(a), __bcc_words4(b)
#define __bcc_words6(a, b...) __bcc_word(a), __bcc_words5(b)
#define __bcc_words7(a, b...) __bcc_word(a), __bcc_words6(b)
#define __bcc_words8(a, b...) __bcc_word(a), __bcc_words7(b)
#define __bcc_words9(a, b...) __bcc_word(a), __bcc_words8(b)
#define __bcc_words10(a, b...) __bcc_word(a), __bcc_words9(b)
#define __bcc_words11(a, b...) __bcc_word(a), __bcc_words10(b)
#define __bcc_words12(a, b...) __bcc_word(a), __bcc_words11(b)
#define __bcc_pick12(_0, _1, _2, _3, _4, _5, _6, _7, _8, _9, _10, _11, _12, macro, ...) macro

/* Text of an iterator: printf() into what its reader gets. */
#define __bcc_seq_none(seq, fmt) ({ \
	static const char ____fmt[] = fmt; \
	bpf_seq_printf(seq, ____fmt, sizeof(____fmt), (void *)0, 0); })
#define __bcc_seq(words, seq, fmt, args...) ({ \
	static const char ____fmt[] = fmt; \
	unsigned long long ____words[] = { words(args) }; \
	bpf_seq_printf(seq, ____fmt, sizeof(____fmt), ____words, sizeof(____words)); })
#define __bcc_seq1(seq, fmt, args...) __bcc_seq(__bcc_words1, seq, fmt, args)
#define __bcc_seq2(seq, fmt, args...) __bcc_seq(__bcc_words2, seq, fmt, args)
#define __bcc_seq3(seq, fmt, args...) __bcc_seq(__bcc_words3, seq, fmt, args)
#define __bcc_seq4(seq, fmt, args...) __bcc_seq(__bcc_words4, seq, fmt, args)
#define __bcc_seq5(seq, fmt, args...) __bcc_seq(__bcc_words5, seq, fmt, args)
#define __bcc_seq6(seq, fmt, args...) __bcc_seq(__bcc_words6, seq, fmt, args)
#define __bcc_seq7(seq, fmt, args...) __bcc_seq(__bcc_words7, seq, fmt, args)
#define __bcc_seq8(seq, fmt, args...) __bcc_seq(__bcc_words8, seq, fmt, args)
#define __bcc_seq9(seq, fmt, args...) __bcc_seq(__bcc_words9, seq, fmt, args)
#define __bcc_seq10(seq, fmt, args...) __bcc_seq(__bcc_words10, seq, fmt, args)
#define __bcc_seq11(seq, fmt, args...) __bcc_seq(__bcc_words11, seq, fmt, args)
#define __bcc_seq12(seq, fmt, args...) __bcc_seq(__bcc_words12, seq, fmt, args)
#define BPF_SEQ_PRINTF(seq, fmt, args...) __bcc_pick12(_, ##args, __bcc_seq12, __bcc_seq11, \
	__bcc_seq10, __bcc_seq9, __bcc_seq8, __bcc_seq7, __bcc_seq6, __bcc_seq5, __bcc_seq4, \
	__bcc_seq3, __bcc_seq2, __bcc_seq1, __bcc_seq_none)(seq, fmt, ##args)

/* Only where rewritten text is compiled: the prototypes that it needs, and printing. */
#ifdef __BCC_CODEGEN
#include <bcc/prototypes.h>

#define __bcc_printk3(fmt, args...) ({ \
	static const char ____fmt[] = fmt; \
	bpf_trace_printk(____fmt, sizeof(____fmt), ##args); })
#define __bcc_vprintk(n, fmt, args...) ({ \
	static const char ____fmt[] = fmt; \
	unsigned long long ____words[] = { __bcc_words##n(args) }; \
	bpf_trace_vprintk(____fmt, sizeof(____fmt), ____words, sizeof(____words)); })
#define __bcc_printk4(fmt, args...) __bcc_vprintk(4, fmt, args)
#define __bcc_printk5(fmt, args...) __bcc_vprintk(5, fmt, args)
#define __bcc_printk6(fmt, args...) __bcc_vprintk(6, fmt, args)
#define __bcc_printk7(fmt, args...) __bcc_vprintk(7, fmt, args)
#define __bcc_printk8(fmt, args...) __bcc_vprintk(8, fmt, args)
#define __bcc_printk9(fmt, args...) __bcc_vprintk(9, fmt, args)
#define __bcc_printk10(fmt, args...) __bcc_vprintk(10, fmt, args)
#define __bcc_printk11(fmt, args...) __bcc_vprintk(11, fmt, args)
#define __bcc_printk12(fmt, args...) __bcc_vprintk(12, fmt, args)
#define bpf_printk(fmt, args...) __bcc_pick12(_, ##args, __bcc_printk12, __bcc_printk11, \
	__bcc_printk10, __bcc_printk9, __bcc_printk8, __bcc_printk7, __bcc_printk6, __bcc_printk5, \
	__bcc_printk4, __bcc_printk3, __bcc_printk3, __bcc_printk3, __bcc_printk3)(fmt, ##args)
#endif

#endif
