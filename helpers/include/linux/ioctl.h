/* How an ioctl's number is made of direction, type, number and size. */
#ifndef BCC_LINUX_IOCTL_H
#define BCC_LINUX_IOCTL_H

#if defined(__TARGET_ARCH_mips) || defined(__TARGET_ARCH_powerpc)
#define _IOC_SIZEBITS	13
#define _IOC_DIRBITS	3
#define _IOC_NONE	1U
#define _IOC_READ	2U
#define _IOC_WRITE	4U
#else
#define _IOC_SIZEBITS	14
#define _IOC_DIRBITS	2
#define _IOC_NONE	0U
#define _IOC_WRITE	1U
#define _IOC_READ	2U
#endif

#define _IOC_NRBITS	8
#define _IOC_TYPEBITS	8
#define _IOC_NRSHIFT	0
#define _IOC_TYPESHIFT	8
#define _IOC_SIZESHIFT	16
#define _IOC_DIRSHIFT	(_IOC_SIZESHIFT + _IOC_SIZEBITS)
#define _IOC_SIZEMASK	((1 << _IOC_SIZEBITS) - 1)
#define _IOC_DIRMASK	((1 << _IOC_DIRBITS) - 1)

#define _IOC(dir, type, nr, size) \
	(((dir) << _IOC_DIRSHIFT) | ((size) << _IOC_SIZESHIFT) | ((type) << 8) | (nr))
#define _IO(type, nr)		_IOC(_IOC_NONE, type, nr, 0)
#define _IOR(type, nr, arg)	_IOC(_IOC_READ, type, nr, sizeof(arg))
#define _IOW(type, nr, arg)	_IOC(_IOC_WRITE, type, nr, sizeof(arg))
#define _IOWR(type, nr, arg)	_IOC(_IOC_READ | _IOC_WRITE, type, nr, sizeof(arg))

#define _IOC_DIR(cmd)	(((cmd) >> _IOC_DIRSHIFT) & _IOC_DIRMASK)
#define _IOC_TYPE(cmd)	(((cmd) >> 8) & 0xff)
#define _IOC_NR(cmd)	((cmd) & 0xff)
#define _IOC_SIZE(cmd)	(((cmd) >> _IOC_SIZESHIFT) & _IOC_SIZEMASK)

#endif
