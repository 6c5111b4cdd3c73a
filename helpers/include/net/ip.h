/* IPv4 inside the kernel. */
#ifndef BCC_NET_IP_H
#define BCC_NET_IP_H

#include <linux/ip.h>
#include <linux/in.h>
#include <net/inet_sock.h>

#define IP_CE		0x8000
#define IP_DF		0x4000
#define IP_MF		0x2000
#define IP_OFFSET	0x1fff

#define IPCB(skb)		((struct inet_skb_parm *)((skb)->cb))
#define ip_is_fragment(iph)	(((iph)->frag_off & htons(IP_MF | IP_OFFSET)) != 0)

#endif
