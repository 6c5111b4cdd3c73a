/* Connections: timers. */
#ifndef BCC_NET_INET_CONNECTION_SOCK_H
#define BCC_NET_INET_CONNECTION_SOCK_H

#include <net/inet_sock.h>

#define ICSK_TIME_RETRANS	1
#define ICSK_TIME_DACK		2
#define ICSK_TIME_PROBE0	3
#define ICSK_TIME_LOSS_PROBE	5
#define ICSK_TIME_REO_TIMEOUT	6

#define inet_csk(sk)		((struct inet_connection_sock *)(sk))
#define inet_csk_ca(sk)		((void *)inet_csk(sk)->icsk_ca_priv)

#endif
