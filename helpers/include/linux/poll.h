/* What poll() waits for. */
#ifndef BCC_LINUX_POLL_H
#define BCC_LINUX_POLL_H

#define POLLIN		0x1
#define POLLPRI		0x2
#define POLLOUT		0x4
#define POLLERR		0x8
#define POLLHUP		0x10
#define POLLNVAL	0x20
#define POLLRDNORM	0x40
#define POLLRDBAND	0x80
#define POLLMSG		0x400
#define POLLREMOVE	0x1000
#define POLLRDHUP	0x2000
#define POLLFREE	0x4000

#ifdef __TARGET_ARCH_mips
#define POLLWRNORM	POLLOUT
#define POLLWRBAND	0x100
#else
#define POLLWRNORM	0x100
#define POLLWRBAND	0x200
#endif

#endif
