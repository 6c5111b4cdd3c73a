/* waitpid(), and the flags of wait queue entries. */
#ifndef BCC_LINUX_WAIT_H
#define BCC_LINUX_WAIT_H

#define WNOHANG		0x1
#define WUNTRACED	0x2
#define WSTOPPED	0x2
#define WEXITED		0x4
#define WCONTINUED	0x8
#define WNOWAIT		0x1000000
#define __WNOTHREAD	0x20000000
#define __WALL		0x40000000
#define __WCLONE	0x80000000

#define P_ALL	0
#define P_PID	1
#define P_PGID	2
#define P_PIDFD	3

#define WQ_FLAG_EXCLUSIVE	0x1
#define WQ_FLAG_WOKEN		0x2

#endif
