/* IPv4: addresses and options. Protocols (IPPROTO_TCP, ...) are enumerators. */
#ifndef BCC_LINUX_IN_H
#define BCC_LINUX_IN_H

#include <asm/byteorder.h>
#include <linux/socket.h>

#define IP_TOS				1
#define IP_TTL				2
#define IP_HDRINCL			3
#define IP_OPTIONS			4
#define IP_ROUTER_ALERT			5
#define IP_RECVOPTS			6
#define IP_RETOPTS			7
#define IP_PKTINFO			8
#define IP_PKTOPTIONS			9
#define IP_MTU_DISCOVER			10
#define IP_RECVERR			11
#define IP_RECVTTL			12
#define IP_RECVTOS			13
#define IP_MTU				14
#define IP_FREEBIND			15
#define IP_IPSEC_POLICY			16
#define IP_XFRM_POLICY			17
#define IP_PASSSEC			18
#define IP_TRANSPARENT			19
#define IP_ORIGDSTADDR			20
#define IP_RECVORIGDSTADDR		20
#define IP_MINTTL			21
#define IP_NODEFRAG			22
#define IP_CHECKSUM			23
#define IP_BIND_ADDRESS_NO_PORT		24
#define IP_RECVFRAGSIZE			25
#define IP_RECVERR_RFC4884		26
#define IP_MULTICAST_IF			32
#define IP_MULTICAST_TTL		33
#define IP_MULTICAST_LOOP		34
#define IP_ADD_MEMBERSHIP		35
#define IP_DROP_MEMBERSHIP		36
#define IP_UNBLOCK_SOURCE		37
#define IP_BLOCK_SOURCE			38
#define IP_ADD_SOURCE_MEMBERSHIP	39
#define IP_DROP_SOURCE_MEMBERSHIP	40
#define IP_MSFILTER			41
#define IP_MULTICAST_ALL		49
#define IP_UNICAST_IF			50
#define IP_LOCAL_PORT_RANGE		51
#define IP_PROTOCOL			52

#define IP_PMTUDISC_DONT	0
#define IP_PMTUDISC_WANT	1
#define IP_PMTUDISC_DO		2
#define IP_PMTUDISC_PROBE	3
#define IP_PMTUDISC_INTERFACE	4
#define IP_PMTUDISC_OMIT	5

#define MCAST_JOIN_GROUP		42
#define MCAST_BLOCK_SOURCE		43
#define MCAST_UNBLOCK_SOURCE		44
#define MCAST_LEAVE_GROUP		45
#define MCAST_JOIN_SOURCE_GROUP		46
#define MCAST_LEAVE_SOURCE_GROUP	47
#define MCAST_MSFILTER			48

/* Addresses in host order. */
#define INADDR_ANY		0x0
#define INADDR_BROADCAST	0xffffffff
#define INADDR_NONE		0xffffffff
#define INADDR_LOOPBACK		0x7f000001
#define INADDR_UNSPEC_GROUP	0xe0000000
#define INADDR_ALLHOSTS_GROUP	0xe0000001
#define INADDR_ALLRTRS_GROUP	0xe0000002
#define INADDR_MAX_LOCAL_GROUP	0xe00000ff

#define IN_CLASSA_NET	0xff000000
#define IN_CLASSB_NET	0xffff0000
#define IN_CLASSC_NET	0xffffff00

#define IN_CLASSA(a)	(((a) & 0x80000000U) == 0)
#define IN_CLASSB(a)	(((a) & 0xc0000000U) == 0x80000000U)
#define IN_CLASSC(a)	(((a) & 0xe0000000U) == 0xc0000000U)
#define IN_CLASSD(a)	(((a) & 0xf0000000U) == 0xe0000000U)
#define IN_MULTICAST(a)	IN_CLASSD(a)
#define IN_LOOPBACK(a)	(((a) & 0xff000000U) == 0x7f000000U)

/* Addresses in network order. */
#define ipv4_is_loopback(addr)		(((addr) & htonl(0xff000000)) == htonl(0x7f000000))
#define ipv4_is_multicast(addr)		(((addr) & htonl(0xf0000000)) == htonl(0xe0000000))
#define ipv4_is_lbcast(addr)		((addr) == htonl(0xffffffff))
#define ipv4_is_zeronet(addr)		((addr) == 0)
#define ipv4_is_private_10(addr)	(((addr) & htonl(0xff000000)) == htonl(0x0a000000))
#define ipv4_is_private_172(addr)	(((addr) & htonl(0xfff00000)) == htonl(0xac100000))
#define ipv4_is_private_192(addr)	(((addr) & htonl(0xffff0000)) == htonl(0xc0a80000))

#endif
