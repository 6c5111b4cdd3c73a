#ifndef BCC_LINUX_RTNETLINK_H
#define BCC_LINUX_RTNETLINK_H

#include <linux/netlink.h>

#define RTPROT_UNSPEC	0
#define RTPROT_REDIRECT	1
#define RTPROT_KERNEL	2
#define RTPROT_BOOT	3
#define RTPROT_STATIC	4

#define RTNH_F_DEAD		0x1
#define RTNH_F_PERVASIVE	0x2
#define RTNH_F_ONLINK		0x4
#define RTNH_F_OFFLOAD		0x8
#define RTNH_F_LINKDOWN		0x10
#define RTNH_F_UNRESOLVED	0x20

#endif
