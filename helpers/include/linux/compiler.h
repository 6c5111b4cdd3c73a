/*
 * Attributes and hints. READ_ONCE() and WRITE_ONCE() only keep the compiler from merging accesses.
 *
 * The kernel's bare words "noinline" and "fallthrough" are left out: as macros they would break
 * __attribute__((noinline)), which programs for BPF write far more often.
 */
#ifndef BCC_LINUX_COMPILER_H
#define BCC_LINUX_COMPILER_H

#include <linux/types.h>

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)
#define barrier()	__asm__ __volatile__("" : : : "memory")
#define unreachable()	__builtin_unreachable()

#define READ_ONCE(x)		(*(const volatile __typeof__(x) *)&(x))
#define WRITE_ONCE(x, val)	(*(volatile __typeof__(x) *)&(x) = (val))
#define ACCESS_ONCE(x)		(*(volatile __typeof__(x) *)&(x))

#ifndef __always_inline
#define __always_inline		inline __attribute__((always_inline))
#endif
#ifndef __noinline
#define __noinline		__attribute__((noinline))
#endif
#define __packed		__attribute__((packed))
#define __aligned(n)		__attribute__((aligned(n)))
#define __maybe_unused		__attribute__((unused))
#define __always_unused		__attribute__((unused))
#ifndef __used
#define __used			__attribute__((used))
#endif
#ifndef __weak
#define __weak			__attribute__((weak))
#endif
#define __section(name)		__attribute__((section(name)))
#define __must_check		__attribute__((warn_unused_result))
#define __pure			__attribute__((pure))
#define __attribute_const__	__attribute__((const))
#define __printf(a, b)		__attribute__((format(printf, a, b)))
#define asmlinkage
#define notrace
#define __init
#define __exit
#define __read_mostly
#define __cold
#define __hot

#define __same_type(a, b)	__builtin_types_compatible_p(__typeof__(a), __typeof__(b))
#define __stringify_1(...)	#__VA_ARGS__
#define __stringify(...)	__stringify_1(__VA_ARGS__)

#endif
