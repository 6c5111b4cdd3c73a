/* Driver types. Since 6.17 they are enumerators and count from 0. */
#ifndef BCC_LINUX_TTY_DRIVER_H
#define BCC_LINUX_TTY_DRIVER_H

#include <linux/version.h>

#if BCC_KERNEL_CODE < KERNEL_VERSION(6, 17, 0)
#define TTY_DRIVER_TYPE_SYSTEM	1
#define TTY_DRIVER_TYPE_CONSOLE	2
#define TTY_DRIVER_TYPE_SERIAL	3
#define TTY_DRIVER_TYPE_PTY	4
#endif

#define PTY_TYPE_MASTER		1
#define PTY_TYPE_SLAVE		2

#endif
