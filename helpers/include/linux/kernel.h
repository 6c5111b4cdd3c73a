/* What programs take from <linux/kernel.h> without naming the smaller header. */
#ifndef BCC_LINUX_KERNEL_H
#define BCC_LINUX_KERNEL_H

#include <linux/types.h>
#include <linux/compiler.h>
#include <linux/container_of.h>
#include <linux/limits.h>
#include <linux/build_bug.h>
#include <linux/minmax.h>
#include <linux/math.h>
#include <linux/bits.h>
#include <linux/log2.h>
#include <linux/kconfig.h>

#define ARRAY_SIZE(a)		(sizeof(a) / sizeof((a)[0]))
#define ALIGN(x, a)		(((x) + ((__typeof__(x))(a) - 1)) & ~((__typeof__(x))(a) - 1))
#define ALIGN_DOWN(x, a)	((x) & ~((__typeof__(x))(a) - 1))
#define IS_ALIGNED(x, a)	(((x) & ((__typeof__(x))(a) - 1)) == 0)
#define PTR_ALIGN(p, a)		((__typeof__(p))ALIGN((unsigned long)(p), (a)))

#define upper_32_bits(n)	((unsigned int)((unsigned long long)(n) >> 32))
#define lower_32_bits(n)	((unsigned int)(n))
#define upper_16_bits(n)	((unsigned short)((n) >> 16))
#define lower_16_bits(n)	((unsigned short)(n))

#define READ	0
#define WRITE	1

#endif
