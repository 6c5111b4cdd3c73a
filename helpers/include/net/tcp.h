/* TCP inside the kernel: header flags, options, limits, the control block of an skb. */
#ifndef BCC_NET_TCP_H
#define BCC_NET_TCP_H

#include <linux/tcp.h>
#include <net/tcp_states.h>
#include <net/inet_timewait_sock.h>
#include <net/ip.h>

#define MAX_TCP_OPTION_SPACE	40
#define TCP_MIN_SND_MSS		48
#define MAX_TCP_WINDOW		32767
#define TCP_MIN_MSS		88
#define TCP_BASE_MSS		1024
#define TCP_FASTRETRANS_THRESH	3
#define TCP_MAX_QUICKACKS	16
#define TCP_MAX_WSCALE		14
#define TCP_INIT_CWND		10
#define TCP_CA_NAME_MAX		16

#define TCP_INFINITE_SSTHRESH	0x7fffffff

/* Flags as in byte 13 of the header. */
#define TCPHDR_FIN	0x1
#define TCPHDR_SYN	0x2
#define TCPHDR_RST	0x4
#define TCPHDR_PSH	0x8
#define TCPHDR_ACK	0x10
#define TCPHDR_URG	0x20
#define TCPHDR_ECE	0x40
#define TCPHDR_CWR	0x80

#define TCPHDR_SYN_ECN		(TCPHDR_SYN | TCPHDR_ECE | TCPHDR_CWR)

/* Options. */
#define TCPOPT_EOL		0
#define TCPOPT_NOP		1
#define TCPOPT_MSS		2
#define TCPOPT_WINDOW		3
#define TCPOPT_SACK_PERM	4
#define TCPOPT_SACK		5
#define TCPOPT_TIMESTAMP	8
#define TCPOPT_MD5SIG		19
#define TCPOPT_MPTCP		30
#define TCPOPT_FASTOPEN		34
#define TCPOPT_EXP		254

#define TCPOLEN_MSS		4
#define TCPOLEN_WINDOW		3
#define TCPOLEN_SACK_PERM	2
#define TCPOLEN_TIMESTAMP	10
#define TCPOLEN_MD5SIG		18
#define TCPOLEN_TSTAMP_ALIGNED	12

/* tcp_skb_cb.sacked, nonagle, ecn_flags */
#define TCPCB_SACKED_ACKED	0x1
#define TCPCB_SACKED_RETRANS	0x2
#define TCPCB_LOST		0x4
#define TCPCB_TAGBITS		0x7
#define TCPCB_REPAIRED		0x10
#define TCPCB_EVER_RETRANS	0x80
#define TCPCB_RETRANS		0x92

#define TCP_NAGLE_OFF		1
#define TCP_NAGLE_CORK		2
#define TCP_NAGLE_PUSH		4
#define TCP_ECN_OK		1
#define TCP_ECN_QUEUE_CWR	2
#define TCP_ECN_DEMAND_CWR	4
#define TCP_ECN_SEEN		8

/* Accessors. */
#define TCP_SKB_CB(skb)		((struct tcp_skb_cb *)&((skb)->cb[0]))
#define tcp_flag_byte(th)	(((unsigned char *)(th))[13])
#define tcp_left_out(tp)	((tp)->sacked_out + (tp)->lost_out)
#define tcp_packets_in_flight(tp) \
	((tp)->packets_out - tcp_left_out(tp) + (tp)->retrans_out)
#define tcp_snd_cwnd(tp)	((tp)->snd_cwnd)
#define before(a, b)		((int)((unsigned int)(a) - (unsigned int)(b)) < 0)
#define after(a, b)		before(b, a)

#endif
