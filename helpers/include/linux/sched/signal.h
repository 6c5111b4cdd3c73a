/* Signal state of a thread group. */
#ifndef BCC_LINUX_SCHED_SIGNAL_H
#define BCC_LINUX_SCHED_SIGNAL_H

#include <linux/sched.h>
#include <linux/signal.h>

#define SIGNAL_STOP_STOPPED	0x1
#define SIGNAL_STOP_CONTINUED	0x2
#define SIGNAL_GROUP_EXIT	0x4
#define SIGNAL_CLD_STOPPED	0x10
#define SIGNAL_CLD_CONTINUED	0x20
#define SIGNAL_UNKILLABLE	0x40

#define thread_group_leader(task)	((task)->exit_signal >= 0)
#define get_nr_threads(task)		((task)->signal->nr_threads)

#endif
