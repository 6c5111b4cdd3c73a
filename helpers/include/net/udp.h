#ifndef BCC_NET_UDP_H
#define BCC_NET_UDP_H

#include <linux/udp.h>
#include <net/ip.h>

#define UDP_SKB_CB(skb)	((struct udp_skb_cb *)((skb)->cb))

#endif
