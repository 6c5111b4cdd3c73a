#ifndef BCC_LINUX_SPLICE_H
#define BCC_LINUX_SPLICE_H

#define SPLICE_F_MOVE		0x1
#define SPLICE_F_NONBLOCK	0x2
#define SPLICE_F_MORE		0x4
#define SPLICE_F_GIFT		0x8

#endif
