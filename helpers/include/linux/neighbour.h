#ifndef BCC_LINUX_NEIGHBOUR_H
#define BCC_LINUX_NEIGHBOUR_H

#define NUD_INCOMPLETE	0x1
#define NUD_REACHABLE	0x2
#define NUD_STALE	0x4
#define NUD_DELAY	0x8
#define NUD_PROBE	0x10
#define NUD_FAILED	0x20
#define NUD_NOARP	0x40
#define NUD_PERMANENT	0x80
#define NUD_NONE	0x0
#define NTF_USE		0x1
#define NTF_SELF	0x2
#define NTF_MASTER	0x4
#define NTF_PROXY	0x8
#define NTF_EXT_LEARNED	0x10
#define NTF_OFFLOADED	0x20
#define NTF_STICKY	0x40
#define NTF_ROUTER	0x80

#endif
