/* Where the IPv6 header is in an skb, and the IPv6 part of a socket. */
#ifndef BCC_LINUX_IPV6_H
#define BCC_LINUX_IPV6_H

#include <linux/in6.h>
#include <linux/skbuff.h>
#include <net/inet_sock.h>

#define IPV6_MIN_MTU			1280
#define IPV6_SRCRT_STRICT		1
#define IPV6_SRCRT_TYPE_0		0
#define IPV6_SRCRT_TYPE_2		2
#define IPV6_SRCRT_TYPE_3		3
#define IPV6_SRCRT_TYPE_4		4
#define IPV6_OPT_ROUTERALERT_MLD	0

#define ipv6_hdr(skb)		((struct ipv6hdr *)skb_network_header(skb))
#define inner_ipv6_hdr(skb)	((struct ipv6hdr *)skb_inner_network_header(skb))
#define ipipv6_hdr(skb)		((struct ipv6hdr *)skb_transport_header(skb))
#define inet6_sk(sk)		(inet_sk(sk)->pinet6)
#define inet6_rcv_saddr(sk)	(&(sk)->sk_v6_rcv_saddr)
#define ipv6_only_sock(sk)	((sk)->sk_ipv6only)
#define inet_v6_ipv6only(sk)	((sk)->sk_ipv6only)

#endif
