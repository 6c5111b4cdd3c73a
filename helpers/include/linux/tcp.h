/* TCP: options of a socket, and where the header is in an skb. */
#ifndef BCC_LINUX_TCP_H
#define BCC_LINUX_TCP_H

#include <linux/skbuff.h>
#include <net/inet_connection_sock.h>

#define TCP_NODELAY			1
#define TCP_MAXSEG			2
#define TCP_CORK			3
#define TCP_KEEPIDLE			4
#define TCP_KEEPINTVL			5
#define TCP_KEEPCNT			6
#define TCP_SYNCNT			7
#define TCP_LINGER2			8
#define TCP_DEFER_ACCEPT		9
#define TCP_WINDOW_CLAMP		10
#define TCP_INFO			11
#define TCP_QUICKACK			12
#define TCP_CONGESTION			13
#define TCP_MD5SIG			14
#define TCP_THIN_LINEAR_TIMEOUTS	16
#define TCP_THIN_DUPACK			17
#define TCP_USER_TIMEOUT		18
#define TCP_REPAIR			19
#define TCP_QUEUE_SEQ			21
#define TCP_FASTOPEN			23
#define TCP_TIMESTAMP			24
#define TCP_NOTSENT_LOWAT		25
#define TCP_CC_INFO			26
#define TCP_SAVE_SYN			27
#define TCP_SAVED_SYN			28
#define TCP_FASTOPEN_CONNECT		30
#define TCP_ULP				31
#define TCP_FASTOPEN_KEY		33
#define TCP_FASTOPEN_NO_COOKIE		34
#define TCP_ZEROCOPY_RECEIVE		35
#define TCP_INQ				36
#define TCP_CM_INQ			36
#define TCP_TX_DELAY			37

#define TCP_REPAIR_ON		1
#define TCP_REPAIR_OFF		0
#define TCP_REPAIR_OFF_NO_WP	(-1)

#define TCP_MSS_DEFAULT		536
#define TCP_MSS_DESIRED		1220
#define TCP_MD5SIG_MAXKEYLEN	80

#define TCPI_OPT_TIMESTAMPS	1
#define TCPI_OPT_SACK		2
#define TCPI_OPT_WSCALE		4
#define TCPI_OPT_ECN		8
#define TCPI_OPT_ECN_SEEN	16
#define TCPI_OPT_SYN_DATA	32

#define TCPF_CA_Open		(1 << TCP_CA_Open)
#define TCPF_CA_Disorder	(1 << TCP_CA_Disorder)
#define TCPF_CA_CWR		(1 << TCP_CA_CWR)
#define TCPF_CA_Recovery	(1 << TCP_CA_Recovery)
#define TCPF_CA_Loss		(1 << TCP_CA_Loss)

#define tcp_hdr(skb)		((struct tcphdr *)skb_transport_header(skb))
#define inner_tcp_hdr(skb)	((struct tcphdr *)skb_inner_transport_header(skb))
#define tcp_hdrlen(skb)		(tcp_hdr(skb)->doff * 4)
#define tcp_sk(ptr)		((struct tcp_sock *)(ptr))
#define tcp_rsk(req)		((struct tcp_request_sock *)(req))
#define tcp_twsk(sk)		((struct tcp_timewait_sock *)(sk))

#endif
