/* ktime_t counts nanoseconds. */
#ifndef BCC_LINUX_KTIME_H
#define BCC_LINUX_KTIME_H

#include <linux/time64.h>

#define ktime_to_ns(kt)		(kt)
#define ktime_to_us(kt)		((kt) / NSEC_PER_USEC)
#define ktime_to_ms(kt)		((kt) / NSEC_PER_MSEC)
#define ns_to_ktime(ns)		(ns)
#define ktime_sub(a, b)		((a) - (b))
#define ktime_add(a, b)		((a) + (b))
#define ktime_set(secs, nsecs)	((secs) * NSEC_PER_SEC + (long long)(nsecs))
#define KTIME_MAX		((long long)~(1ULL << 63))

#endif
