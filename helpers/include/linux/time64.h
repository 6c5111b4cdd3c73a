/* Units of time and the clocks. */
#ifndef BCC_LINUX_TIME64_H
#define BCC_LINUX_TIME64_H

#include <linux/math.h>

#define MSEC_PER_SEC	1000
#define USEC_PER_MSEC	1000
#define NSEC_PER_USEC	1000
#define NSEC_PER_MSEC	1000000

#define USEC_PER_SEC	1000000L
#define NSEC_PER_SEC	1000000000L
#define PSEC_PER_NSEC	1000L
#define PSEC_PER_SEC	1000000000000LL
#define FSEC_PER_SEC	1000000000000000LL

#define CLOCK_REALTIME			0
#define CLOCK_MONOTONIC			1
#define CLOCK_PROCESS_CPUTIME_ID	2
#define CLOCK_THREAD_CPUTIME_ID		3
#define CLOCK_MONOTONIC_RAW		4
#define CLOCK_REALTIME_COARSE		5
#define CLOCK_MONOTONIC_COARSE		6
#define CLOCK_BOOTTIME			7
#define CLOCK_REALTIME_ALARM		8
#define CLOCK_BOOTTIME_ALARM		9
#define CLOCK_TAI			11
#define MAX_CLOCKS			16
#define TIMER_ABSTIME			1
#define ITIMER_REAL			0
#define ITIMER_VIRTUAL			1
#define ITIMER_PROF			2

#define timespec64_to_ns(ts)	((long long)(ts)->tv_sec * NSEC_PER_SEC + (ts)->tv_nsec)
#define TIME64_MAX		((long long)~(1ULL << 63))

#endif
