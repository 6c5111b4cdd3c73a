/* What a traffic control program returns, and attributes of its actions. */
#ifndef BCC_LINUX_PKT_CLS_H
#define BCC_LINUX_PKT_CLS_H

#include <linux/pkt_sched.h>

#define TC_ACT_OK		0
#define TC_ACT_RECLASSIFY	1
#define TC_ACT_SHOT		2
#define TC_ACT_PIPE		3
#define TC_ACT_STOLEN		4
#define TC_ACT_QUEUED		5
#define TC_ACT_REPEAT		6
#define TC_ACT_REDIRECT		7
#define TC_ACT_TRAP		8
#define TC_ACT_VALUE_MAX	8
#define TC_ACT_UNSPEC		(-1)

#define TC_ACT_EXT_SHIFT	28
#define TC_ACT_EXT_VAL_MASK	((1 << TC_ACT_EXT_SHIFT) - 1)
#define TC_ACT_JUMP		(1 << TC_ACT_EXT_SHIFT)
#define TC_ACT_GOTO_CHAIN	(2 << TC_ACT_EXT_SHIFT)

#define TCA_BPF_FLAG_ACT_DIRECT	0x1
#define TCA_CLS_FLAGS_SKIP_HW	0x1
#define TCA_CLS_FLAGS_SKIP_SW	0x2
#define TCA_CLS_FLAGS_IN_HW	0x4

#endif
