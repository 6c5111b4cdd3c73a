/* States are enumerators, and so are TCPF_*. */
#ifndef BCC_NET_TCP_STATES_H
#define BCC_NET_TCP_STATES_H

#define TCP_STATE_MASK		0xF
#define TCP_ACTION_FIN		(1 << TCP_CLOSE)

#endif
