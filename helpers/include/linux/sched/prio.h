/* Priorities. */
#ifndef BCC_LINUX_SCHED_PRIO_H
#define BCC_LINUX_SCHED_PRIO_H

#define MAX_NICE	19
#define MIN_NICE	(-20)
#define NICE_WIDTH	40
#define MAX_RT_PRIO	100
#define MAX_PRIO	140
#define DEFAULT_PRIO	120

#define MAX_USER_RT_PRIO	100
#define NICE_TO_PRIO(nice)	((nice) + DEFAULT_PRIO)
#define PRIO_TO_NICE(prio)	((prio) - DEFAULT_PRIO)
#define rt_prio(prio)		((prio) < MAX_RT_PRIO)
#define dl_prio(prio)		((prio) < 0)

#endif
