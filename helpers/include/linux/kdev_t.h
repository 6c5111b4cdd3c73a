/* Device numbers as the kernel keeps them. */
#ifndef BCC_LINUX_KDEV_T_H
#define BCC_LINUX_KDEV_T_H

#define MINORBITS	20
#define MINORMASK	((1U << MINORBITS) - 1)
#define MAJOR(dev)	((unsigned int)((dev) >> MINORBITS))
#define MINOR(dev)	((unsigned int)((dev) & MINORMASK))
#define MKDEV(ma, mi)	(((ma) << MINORBITS) | (mi))

#define new_encode_dev(dev) \
	((MINOR(dev) & 0xff) | (MAJOR(dev) << 8) | ((MINOR(dev) & ~0xffU) << 12))
#define new_decode_dev(dev) \
	MKDEV(((dev) & 0xfff00) >> 8, ((dev) & 0xff) | (((dev) >> 12) & 0xfff00))

#endif
