#ifndef BCC_LINUX_NETFILTER_IPV6_H
#define BCC_LINUX_NETFILTER_IPV6_H

#include <linux/netfilter.h>

#define NF_IP6_PRE_ROUTING	0
#define NF_IP6_LOCAL_IN		1
#define NF_IP6_FORWARD		2
#define NF_IP6_LOCAL_OUT	3
#define NF_IP6_POST_ROUTING	4
#define NF_IP6_NUMHOOKS		5

#endif
