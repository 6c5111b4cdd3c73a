#ifndef BCC_NET_INET_ECN_H
#define BCC_NET_INET_ECN_H

#define INET_ECN_NOT_ECT	0
#define INET_ECN_ECT_1		1
#define INET_ECN_ECT_0		2
#define INET_ECN_CE		3
#define INET_ECN_MASK		3

#endif
