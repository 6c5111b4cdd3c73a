/*
 * The members of struct sock that are really of its struct sock_common. As in the kernel these are
 * plain words: a program that includes this cannot use them as names of its own.
 */
#ifndef BCC_NET_SOCK_H
#define BCC_NET_SOCK_H

#include <net/net_namespace.h>
#include <linux/atomic.h>
#include <linux/in6.h>
#include <linux/list_nulls.h>
#include <linux/socket.h>
#include <linux/netdevice.h>
#include <linux/sched.h>
#include <asm/byteorder.h>

#define sk_node			__sk_common.skc_node
#define sk_nulls_node		__sk_common.skc_nulls_node
#define sk_refcnt		__sk_common.skc_refcnt
#define sk_tx_queue_mapping	__sk_common.skc_tx_queue_mapping
#define sk_rx_queue_mapping	__sk_common.skc_rx_queue_mapping
#define sk_hash			__sk_common.skc_hash
#define sk_portpair		__sk_common.skc_portpair
#define sk_num			__sk_common.skc_num
#define sk_dport		__sk_common.skc_dport
#define sk_addrpair		__sk_common.skc_addrpair
#define sk_daddr		__sk_common.skc_daddr
#define sk_rcv_saddr		__sk_common.skc_rcv_saddr
#define sk_family		__sk_common.skc_family
#define sk_state		__sk_common.skc_state
#define sk_reuse		__sk_common.skc_reuse
#define sk_reuseport		__sk_common.skc_reuseport
#define sk_ipv6only		__sk_common.skc_ipv6only
#define sk_net_refcnt		__sk_common.skc_net_refcnt
#define sk_bound_dev_if		__sk_common.skc_bound_dev_if
#define sk_bind_node		__sk_common.skc_bind_node
#define sk_prot			__sk_common.skc_prot
#define sk_net			__sk_common.skc_net
#define sk_v6_daddr		__sk_common.skc_v6_daddr
#define sk_v6_rcv_saddr		__sk_common.skc_v6_rcv_saddr
#define sk_cookie		__sk_common.skc_cookie
#define sk_incoming_cpu		__sk_common.skc_incoming_cpu
#define sk_flags		__sk_common.skc_flags
#define sk_rxhash		__sk_common.skc_rxhash
#define sk_rmem_alloc		sk_backlog.rmem_alloc

/* sk_reuse, sk_shutdown, sk_userlocks */
#define SK_NO_REUSE		0
#define SK_CAN_REUSE		1
#define SK_FORCE_REUSE		2
#define RCV_SHUTDOWN		1
#define SEND_SHUTDOWN		2
#define SHUTDOWN_MASK		3
#define SOCK_SNDBUF_LOCK	1
#define SOCK_RCVBUF_LOCK	2
#define SOCK_BINDADDR_LOCK	4
#define SOCK_BINDPORT_LOCK	8
#define SK_MEM_SEND		0
#define SK_MEM_RECV		1
#define PROT_SOCK		1024

/* Accessors. */
#define inet_sk_state_load(sk)	((sk)->sk_state)
#define sock_flag(sk, flag)	(((sk)->sk_flags >> (flag)) & 1)
#define sk_rmem_alloc_get(sk)	((sk)->sk_rmem_alloc.counter)
#define sk_wmem_alloc_get(sk)	((sk)->sk_wmem_alloc.refs.counter - 1)
#define sk_acceptq_is_full(sk)	((sk)->sk_ack_backlog > (sk)->sk_max_ack_backlog)
#define sk_fullsock(sk)		((1 << (sk)->sk_state) & ~(TCPF_TIME_WAIT | TCPF_NEW_SYN_RECV))
#define SOCK_INODE(sock)	(&container_of(sock, struct socket_alloc, socket)->vfs_inode)
#define SOCKET_I(inode)		(&container_of(inode, struct socket_alloc, vfs_inode)->socket)

#endif
