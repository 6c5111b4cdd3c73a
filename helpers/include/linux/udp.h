/* UDP: options of a socket, and where the header is in an skb. */
#ifndef BCC_LINUX_UDP_H
#define BCC_LINUX_UDP_H

#include <linux/skbuff.h>
#include <net/inet_sock.h>

#define UDP_CORK			1
#define UDP_ENCAP_ESPINUDP_NON_IKE	1
#define UDP_ENCAP_ESPINUDP		2
#define UDP_ENCAP_L2TPINUDP		3
#define UDP_ENCAP_GTP0			4
#define UDP_ENCAP_GTP1U			5
#define UDP_ENCAP_RXRPC			6
#define UDP_ENCAP			100
#define UDP_NO_CHECK6_TX		101
#define UDP_NO_CHECK6_RX		102
#define UDP_SEGMENT			103
#define UDP_GRO				104

#define udp_hdr(skb)		((struct udphdr *)skb_transport_header(skb))
#define inner_udp_hdr(skb)	((struct udphdr *)skb_inner_transport_header(skb))
#define udp_sk(ptr)		((struct udp_sock *)(ptr))

#endif
