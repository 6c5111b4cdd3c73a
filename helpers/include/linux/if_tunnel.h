#ifndef BCC_LINUX_IF_TUNNEL_H
#define BCC_LINUX_IF_TUNNEL_H

#define GRE_CSUM	0x80
#define GRE_ROUTING	0x40
#define GRE_KEY		0x20
#define GRE_SEQ		0x10
#define GRE_STRICT	0x8
#define GRE_REC		0x7
#define GRE_ACK		0x8000
#define GRE_FLAGS	0x7800
#define GRE_VERSION	0x700

#endif
