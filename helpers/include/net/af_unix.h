/* Unix sockets. */
#ifndef BCC_NET_AF_UNIX_H
#define BCC_NET_AF_UNIX_H

#include <linux/un.h>
#include <net/sock.h>

#define unix_sk(ptr)		((struct unix_sock *)(ptr))
#define UNIXCB(skb)		(*(struct unix_skb_parms *)&((skb)->cb))

#endif
