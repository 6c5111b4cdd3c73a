/* Resource limits (MIPS numbers five of them in its own way). */
#ifndef BCC_LINUX_RESOURCE_H
#define BCC_LINUX_RESOURCE_H

#define RLIMIT_CPU	0
#define RLIMIT_FSIZE	1
#define RLIMIT_DATA	2
#define RLIMIT_STACK	3
#define RLIMIT_CORE	4
#ifdef __TARGET_ARCH_mips
#define RLIMIT_NOFILE		5
#define RLIMIT_AS		6
#define RLIMIT_RSS		7
#define RLIMIT_NPROC		8
#define RLIMIT_MEMLOCK		9
#else
#define RLIMIT_RSS	5
#define RLIMIT_NPROC	6
#define RLIMIT_NOFILE	7
#define RLIMIT_MEMLOCK	8
#define RLIMIT_AS	9
#endif

#define RLIMIT_LOCKS		10
#define RLIMIT_SIGPENDING	11
#define RLIMIT_MSGQUEUE		12
#define RLIMIT_NICE		13
#define RLIMIT_RTPRIO		14
#define RLIMIT_RTTIME		15
#define RLIM_NLIMITS		16

#define RUSAGE_SELF	0
#define RUSAGE_CHILDREN	(-1)
#define RUSAGE_THREAD	1
#define PRIO_PROCESS	0
#define PRIO_PGRP	1
#define PRIO_USER	2

#define RUSAGE_BOTH	(-2)
#define RLIM_INFINITY	(~0UL)

#endif
