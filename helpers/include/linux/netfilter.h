/* Verdicts; hooks and families are enumerators. */
#ifndef BCC_LINUX_NETFILTER_H
#define BCC_LINUX_NETFILTER_H

#define NF_DROP		0
#define NF_ACCEPT	1
#define NF_STOLEN	2
#define NF_QUEUE	3
#define NF_REPEAT	4
#define NF_STOP		5
#define NF_MAX_VERDICT	5

#define NF_VERDICT_MASK			0xff
#define NF_VERDICT_FLAG_QUEUE_BYPASS	0x8000
#define NF_VERDICT_QMASK		0xffff0000

#define NF_VERDICT_QBITS	16

#define NF_QUEUE_NR(x)		((((x) << 16) & NF_VERDICT_QMASK) | NF_QUEUE)
#define NF_DROP_ERR(x)		(((-(x)) << 16) | NF_DROP)

#endif
