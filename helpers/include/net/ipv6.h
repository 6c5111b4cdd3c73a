/* IPv6 inside the kernel: header types, kinds of address. */
#ifndef BCC_NET_IPV6_H
#define BCC_NET_IPV6_H

#include <linux/ipv6.h>

#define NEXTHDR_HOP		0
#define NEXTHDR_TCP		6
#define NEXTHDR_UDP		17
#define NEXTHDR_ROUTING		43
#define NEXTHDR_FRAGMENT	44
#define NEXTHDR_GRE		47
#define NEXTHDR_ESP		50
#define NEXTHDR_AUTH		51
#define NEXTHDR_ICMP		58
#define NEXTHDR_NONE		59
#define NEXTHDR_DEST		60
#define NEXTHDR_SCTP		132
#define NEXTHDR_MOBILITY	135
#define NEXTHDR_MAX		255

#define IPV6_DEFAULT_HOPLIMIT	64

#define IPV6_ADDR_ANY		0x0
#define IPV6_ADDR_UNICAST	0x1
#define IPV6_ADDR_MULTICAST	0x2
#define IPV6_ADDR_LOOPBACK	0x10
#define IPV6_ADDR_LINKLOCAL	0x20
#define IPV6_ADDR_SITELOCAL	0x40
#define IPV6_ADDR_COMPATv4	0x80
#define IPV6_ADDR_MAPPED	0x1000
#define IP6_MF			0x1
#define IP6_OFFSET		0xfff8

#define IP6CB(skb)		((struct inet6_skb_parm *)((skb)->cb))
#define ipv6_addr_any(a) \
	(((a)->s6_addr32[0] | (a)->s6_addr32[1] | (a)->s6_addr32[2] | (a)->s6_addr32[3]) == 0)
#define ipv6_addr_loopback(a) \
	(((a)->s6_addr32[0] | (a)->s6_addr32[1] | (a)->s6_addr32[2] | \
	  ((a)->s6_addr32[3] ^ htonl(1))) == 0)
#define ipv6_addr_v4mapped(a) \
	(((a)->s6_addr32[0] | (a)->s6_addr32[1] | ((a)->s6_addr32[2] ^ htonl(0xffff))) == 0)

#endif
