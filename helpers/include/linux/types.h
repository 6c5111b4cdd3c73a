/* The types themselves come from BTF; here is what <linux/types.h> defines beside them. */
#ifndef BCC_LINUX_TYPES_H
#define BCC_LINUX_TYPES_H

#include <linux/stddef.h>

#define BITS_PER_LONG		64
#define BITS_PER_LONG_LONG	64

/* Annotations for a checker that never sees BPF programs. */
#define __user
#define __kernel
#define __iomem
#define __percpu
#define __rcu
#define __force
#define __bitwise
#define __bitwise__

#define __aligned_u64	__u64 __attribute__((aligned(8)))
#define __aligned_be64	__be64 __attribute__((aligned(8)))
#define __aligned_le64	__le64 __attribute__((aligned(8)))

#define DECLARE_BITMAP(name, bits)	unsigned long name[((bits) + 63) / 64]

#endif
