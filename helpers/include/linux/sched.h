/*
 * Tasks: states, flags, clone(). The bits of a state and of task_struct's flags moved between
 * kernels, so some of them depend on LINUX_VERSION_CODE.
 */
#ifndef BCC_LINUX_SCHED_H
#define BCC_LINUX_SCHED_H

#include <linux/kernel.h>
#include <linux/errno.h>
#include <linux/sched/prio.h>
#include <linux/signal.h>
#include <linux/time64.h>
#include <linux/version.h>
#include <asm/page.h>

#define TASK_COMM_LEN	16

/* Task states. */
#define TASK_RUNNING		0x0000
#define TASK_INTERRUPTIBLE	0x0001
#define TASK_UNINTERRUPTIBLE	0x0002
#define __TASK_STOPPED		0x0004
#define __TASK_TRACED		0x0008
#define EXIT_DEAD		0x0010
#define EXIT_ZOMBIE		0x0020
#define EXIT_TRACE		(EXIT_ZOMBIE | EXIT_DEAD)
#define TASK_PARKED		0x0040
#define TASK_DEAD		0x0080
#define TASK_WAKEKILL		0x0100
#define TASK_WAKING		0x0200
#define TASK_NOLOAD		0x0400
#define TASK_NEW		0x0800
#if BCC_KERNEL_CODE >= KERNEL_VERSION(6, 1, 0)
#define TASK_RTLOCK_WAIT	0x1000
#define TASK_FREEZABLE		0x2000
#define TASK_FROZEN		0x8000
#define TASK_STATE_MAX		0x10000
#elif BCC_KERNEL_CODE >= KERNEL_VERSION(5, 15, 0)
#define TASK_RTLOCK_WAIT	0x1000
#define TASK_STATE_MAX		0x2000
#else
#define TASK_STATE_MAX		0x1000
#endif

#define TASK_KILLABLE		(TASK_WAKEKILL | TASK_UNINTERRUPTIBLE)
#define TASK_STOPPED		(TASK_WAKEKILL | __TASK_STOPPED)
#if BCC_KERNEL_CODE >= KERNEL_VERSION(5, 19, 0)
#define TASK_TRACED		__TASK_TRACED
#else
#define TASK_TRACED		(TASK_WAKEKILL | __TASK_TRACED)
#endif
#define TASK_IDLE		(TASK_UNINTERRUPTIBLE | TASK_NOLOAD)
#define TASK_NORMAL		(TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE)
#define TASK_REPORT \
	(TASK_INTERRUPTIBLE | TASK_UNINTERRUPTIBLE | __TASK_STOPPED | __TASK_TRACED | \
	 EXIT_DEAD | EXIT_ZOMBIE | TASK_PARKED)
#define TASK_REPORT_IDLE	(TASK_REPORT + 1)
#define TASK_REPORT_MAX		(TASK_REPORT_IDLE << 1)
#if BCC_KERNEL_CODE >= KERNEL_VERSION(5, 14, 0)
#define task_is_running(task)	((task)->__state == TASK_RUNNING)
#endif

/* task_struct.flags */
#define PF_IDLE			0x2
#define PF_EXITING		0x4
#define PF_WQ_WORKER		0x20
#define PF_FORKNOEXEC		0x40
#define PF_MCE_PROCESS		0x80
#define PF_SUPERPRIV		0x100
#define PF_DUMPCORE		0x200
#define PF_SIGNALED		0x400
#define PF_MEMALLOC		0x800
#define PF_NPROC_EXCEEDED	0x1000
#define PF_USED_MATH		0x2000
#define PF_NOFREEZE		0x8000
#define PF_KSWAPD		0x20000
#define PF_MEMALLOC_NOFS	0x40000
#define PF_MEMALLOC_NOIO	0x80000
#define PF_LOCAL_THROTTLE	0x100000
#define PF_KTHREAD		0x200000
#define PF_RANDOMIZE		0x400000
#define PF_NO_SETAFFINITY	0x4000000
#define PF_MCE_EARLY		0x8000000
#define PF_SUSPEND_TASK		0x80000000
#if BCC_KERNEL_CODE >= KERNEL_VERSION(5, 12, 0)
#define PF_VCPU			0x1
#define PF_IO_WORKER		0x10
#else
#define PF_VCPU			0x10
#define PF_IO_WORKER		0x20000000
#endif
#if BCC_KERNEL_CODE >= KERNEL_VERSION(5, 17, 0)
#define PF_POSTCOREDUMP		0x8
#endif
#if BCC_KERNEL_CODE >= KERNEL_VERSION(6, 4, 0)
#define PF_USER_WORKER		0x4000
#endif
#if BCC_KERNEL_CODE < KERNEL_VERSION(6, 1, 0)
#define PF_FROZEN		0x10000
#define PF_FREEZER_SKIP		0x40000000
#endif

/* clone() */
#define CSIGNAL			0xff
#define CLONE_VM		0x100
#define CLONE_FS		0x200
#define CLONE_FILES		0x400
#define CLONE_SIGHAND		0x800
#define CLONE_PIDFD		0x1000
#define CLONE_PTRACE		0x2000
#define CLONE_VFORK		0x4000
#define CLONE_PARENT		0x8000
#define CLONE_THREAD		0x10000
#define CLONE_NEWNS		0x20000
#define CLONE_SYSVSEM		0x40000
#define CLONE_SETTLS		0x80000
#define CLONE_PARENT_SETTID	0x100000
#define CLONE_CHILD_CLEARTID	0x200000
#define CLONE_DETACHED		0x400000
#define CLONE_UNTRACED		0x800000
#define CLONE_CHILD_SETTID	0x1000000
#define CLONE_NEWCGROUP		0x2000000
#define CLONE_NEWUTS		0x4000000
#define CLONE_NEWIPC		0x8000000
#define CLONE_NEWUSER		0x10000000
#define CLONE_NEWPID		0x20000000
#define CLONE_NEWNET		0x40000000
#define CLONE_IO		0x80000000

#define CLONE_CLEAR_SIGHAND	0x100000000
#define CLONE_INTO_CGROUP	0x200000000
#define CLONE_NEWTIME		0x80

/* Policies. */
#define SCHED_NORMAL	0
#define SCHED_FIFO	1
#define SCHED_RR	2
#define SCHED_BATCH	3
#define SCHED_IDLE	5
#define SCHED_DEADLINE	6

#define SCHED_EXT		7

#define SCHED_RESET_ON_FORK		0x40000000
#define SCHED_FLAG_RESET_ON_FORK	0x1
#define SCHED_FLAG_RECLAIM		0x2
#define SCHED_FLAG_DL_OVERRUN		0x4
#define SCHED_FLAG_KEEP_POLICY		0x8
#define SCHED_FLAG_KEEP_PARAMS		0x10
#define SCHED_FLAG_UTIL_CLAMP_MIN	0x20
#define SCHED_FLAG_UTIL_CLAMP_MAX	0x40

#define SCHED_CAPACITY_SHIFT	10
#define SCHED_CAPACITY_SCALE	1024
#define SCHED_FIXEDPOINT_SHIFT	10
#define SCHED_FIXEDPOINT_SCALE	1024
#define MAX_SCHEDULE_TIMEOUT	9223372036854775807

/* Accessors. */
#define task_pid_nr(task)	((task)->pid)
#define task_tgid_nr(task)	((task)->tgid)
#define task_nice(task)		((task)->static_prio - 120)
#define task_uid(task)		((task)->real_cred->uid)
#define task_euid(task)		((task)->real_cred->euid)

#endif
