#ifndef BCC_LINUX_SCTP_H
#define BCC_LINUX_SCTP_H

#include <linux/skbuff.h>

#define sctp_hdr(skb)	((struct sctphdr *)skb_transport_header(skb))

#endif
