/*
 * LINUX_VERSION_CODE comes from the compiler: the version of the kernel the program is built for.
 * BCC_KERNEL_CODE is what our own headers compare: without a version they speak for new kernels.
 */
#ifndef BCC_LINUX_VERSION_H
#define BCC_LINUX_VERSION_H

#define KERNEL_VERSION(a, b, c)	(((a) << 16) + ((b) << 8) + ((c) > 255 ? 255 : (c)))

#ifdef LINUX_VERSION_CODE
#define BCC_KERNEL_CODE		LINUX_VERSION_CODE
#define LINUX_VERSION_MAJOR	((LINUX_VERSION_CODE) >> 16)
#define LINUX_VERSION_PATCHLEVEL	(((LINUX_VERSION_CODE) >> 8) & 255)
#define LINUX_VERSION_SUBLEVEL	((LINUX_VERSION_CODE) & 255)
#else
#define BCC_KERNEL_CODE		KERNEL_VERSION(255, 0, 0)
#endif

#endif
