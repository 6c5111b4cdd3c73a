/*
 * Ticks. HZ is a matter of the kernel's configuration that BTF does not tell: give -DCONFIG_HZ=n.
 */
#ifndef BCC_LINUX_JIFFIES_H
#define BCC_LINUX_JIFFIES_H

#include <linux/time64.h>

#ifdef CONFIG_HZ
#define HZ			CONFIG_HZ
#define TICK_NSEC		((NSEC_PER_SEC + HZ / 2) / HZ)
#define jiffies_to_msecs(j)	((unsigned int)((j) * (MSEC_PER_SEC / HZ)))
#define jiffies_to_usecs(j)	((unsigned int)((j) * (USEC_PER_SEC / HZ)))
#define jiffies_to_nsecs(j)	((unsigned long long)(j) * (NSEC_PER_SEC / HZ))
#define msecs_to_jiffies(m)	DIV_ROUND_UP((unsigned long)(m) * HZ, MSEC_PER_SEC)
#define INITIAL_JIFFIES		((unsigned long)(unsigned int)(-300 * HZ))
#endif

#define USER_HZ			100
#define MAX_JIFFY_OFFSET	((~0UL >> 2) - 1)
#define time_after(a, b)	((long)((b) - (a)) < 0)
#define time_before(a, b)	time_after(b, a)
#define time_after_eq(a, b)	((long)((a) - (b)) >= 0)
#define time_before_eq(a, b)	time_after_eq(b, a)

#endif
