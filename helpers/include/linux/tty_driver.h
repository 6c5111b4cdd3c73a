/* Driver types (enumerators in newer kernels, with the same values). */
#ifndef BCC_LINUX_TTY_DRIVER_H
#define BCC_LINUX_TTY_DRIVER_H

#define TTY_DRIVER_TYPE_SYSTEM	1
#define TTY_DRIVER_TYPE_CONSOLE	2
#define TTY_DRIVER_TYPE_SERIAL	3
#define TTY_DRIVER_TYPE_PTY	4
#define PTY_TYPE_MASTER		1
#define PTY_TYPE_SLAVE		2

#endif
