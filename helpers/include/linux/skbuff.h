/*
 * Where things are in an skb. The kernel has functions for these; here they are expressions, so
 * that each member they name is read from the kernel. The argument may be evaluated twice.
 */
#ifndef BCC_LINUX_SKBUFF_H
#define BCC_LINUX_SKBUFF_H

#include <asm/byteorder.h>
#include <linux/container_of.h>

#define skb_network_header(skb)		((skb)->head + (skb)->network_header)
#define skb_transport_header(skb)	((skb)->head + (skb)->transport_header)
#define skb_mac_header(skb)		((skb)->head + (skb)->mac_header)
#define skb_inner_network_header(skb)	((skb)->head + (skb)->inner_network_header)
#define skb_inner_transport_header(skb)	((skb)->head + (skb)->inner_transport_header)
#define skb_inner_mac_header(skb)	((skb)->head + (skb)->inner_mac_header)
#define skb_end_pointer(skb)		((skb)->head + (skb)->end)
#define skb_tail_pointer(skb)		((skb)->head + (skb)->tail)
#define skb_mac_header_was_set(skb)	((skb)->mac_header != (unsigned short)~0U)
#define skb_transport_header_was_set(skb) \
	((skb)->transport_header != (unsigned short)~0U)

#define skb_network_offset(skb)		(skb_network_header(skb) - (skb)->data)
#define skb_transport_offset(skb)	(skb_transport_header(skb) - (skb)->data)
#define skb_network_header_len(skb)	((skb)->transport_header - (skb)->network_header)
#define skb_mac_header_len(skb)		((skb)->network_header - (skb)->mac_header)
#define skb_headroom(skb)		((unsigned int)((skb)->data - (skb)->head))
#define skb_headlen(skb)		((skb)->len - (skb)->data_len)
#define skb_pagelen(skb)		skb_headlen(skb)
#define skb_is_nonlinear(skb)		((skb)->data_len)
#define skb_shinfo(skb)			((struct skb_shared_info *)skb_end_pointer(skb))
#define skb_is_gso(skb)			(skb_shinfo(skb)->gso_size)
#define skb_dst(skb)			((struct dst_entry *)((skb)->_skb_refdst & SKB_DST_PTRMASK))
#define skb_get_queue_mapping(skb)	((skb)->queue_mapping)
#define skb_rx_queue_recorded(skb)	((skb)->queue_mapping != 0)
#define skb_get_rx_queue(skb)		((skb)->queue_mapping - 1)
#define skb_queue_len(list)		((list)->qlen)
#define skb_queue_empty(list)		((void *)(list)->next == (void *)(list))
#define skb_shared(skb)			((skb)->users.refs.counter != 1)

#define SKB_DST_NOREF		1UL
#define SKB_DST_PTRMASK		(~SKB_DST_NOREF)

/* skb->ip_summed */
#define CHECKSUM_NONE		0
#define CHECKSUM_UNNECESSARY	1
#define CHECKSUM_COMPLETE	2
#define CHECKSUM_PARTIAL	3
#ifdef CONFIG_MAX_SKB_FRAGS
#define MAX_SKB_FRAGS		CONFIG_MAX_SKB_FRAGS
#else
#define MAX_SKB_FRAGS		17
#endif

#define GSO_BY_FRAGS	0xffff

#endif
