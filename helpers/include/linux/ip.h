/* The IPv4 header's service bits and options; and where it is in an skb. */
#ifndef BCC_LINUX_IP_H
#define BCC_LINUX_IP_H

#include <linux/skbuff.h>

#define IPTOS_TOS_MASK		0x1e
#define IPTOS_LOWDELAY		0x10
#define IPTOS_THROUGHPUT	0x8
#define IPTOS_RELIABILITY	0x4
#define IPTOS_MINCOST		0x2
#define IPTOS_PREC_MASK		0xe0
#define IPOPT_COPY		0x80
#define IPOPT_CLASS_MASK	0x60
#define IPOPT_NUMBER_MASK	0x1f

#define IPVERSION	4
#define MAXTTL		255
#define IPDEFTTL	64
#define IPOPT_END	0
#define IPOPT_NOOP	1
#define IPOPT_SEC	130
#define IPOPT_LSRR	131
#define IPOPT_TIMESTAMP	68
#define IPOPT_RR	7
#define IPOPT_SID	136
#define IPOPT_SSRR	137
#define IPOPT_RA	148
#define MAX_IPOPTLEN	40

#define ip_hdr(skb)		((struct iphdr *)skb_network_header(skb))
#define inner_ip_hdr(skb)	((struct iphdr *)skb_inner_network_header(skb))
#define ipip_hdr(skb)		((struct iphdr *)skb_transport_header(skb))
#define ip_hdrlen(skb)		(ip_hdr(skb)->ihl * 4)

#endif
