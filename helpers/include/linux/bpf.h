/*
 * What BPF's interface defines as macros. Map and program types, helper numbers, flags of helpers
 * and return codes are enumerators and are found in BTF.
 */
#ifndef BCC_LINUX_BPF_H
#define BCC_LINUX_BPF_H

#include <linux/bpf_common.h>

#define BPF_JMP32	0x6
#define BPF_ALU64	0x7
#define BPF_DW		0x18
#define BPF_ATOMIC	0xc0
#define BPF_XADD	0xc0
#define BPF_MOV		0xb0
#define BPF_ARSH	0xc0
#define BPF_END		0xd0
#define BPF_TO_LE	0x0
#define BPF_TO_BE	0x8
#define BPF_FROM_LE	0x0
#define BPF_FROM_BE	0x8
#define BPF_JNE		0x50
#define BPF_JLT		0xa0
#define BPF_JLE		0xb0
#define BPF_JSGT	0x60
#define BPF_JSGE	0x70
#define BPF_JSLT	0xc0
#define BPF_JSLE	0xd0
#define BPF_CALL	0x80
#define BPF_EXIT	0x90
#define BPF_FETCH	0x1
#define BPF_XCHG	0xe1
#define BPF_CMPXCHG	0xf1

#define BPF_MEMSX		0x80
#define MAX_BPF_REG		11

#define BPF_OBJ_NAME_LEN	16
#define BPF_TAG_SIZE		8
#define BPF_BUILD_ID_SIZE	20
#define XDP_PACKET_HEADROOM	256

#define BPF_F_ALLOW_OVERRIDE		0x1
#define BPF_F_ALLOW_MULTI		0x2
#define BPF_F_REPLACE			0x4
#define BPF_F_STRICT_ALIGNMENT		0x1
#define BPF_F_ANY_ALIGNMENT		0x2
#define BPF_F_TEST_RND_HI32		0x4
#define BPF_F_TEST_STATE_FREQ		0x8
#define BPF_F_SLEEPABLE			0x10
#define BPF_F_XDP_HAS_FRAGS		0x20
#define BPF_F_KPROBE_MULTI_RETURN	0x1
#define BPF_F_QUERY_EFFECTIVE		0x1
#define BPF_F_TEST_RUN_ON_CPU		0x1
#define BPF_F_TEST_XDP_LIVE_FRAMES	0x2

#define BPF_PSEUDO_MAP_FD		1
#define BPF_PSEUDO_MAP_VALUE		2
#define BPF_PSEUDO_MAP_IDX		5
#define BPF_PSEUDO_MAP_IDX_VALUE	6
#define BPF_PSEUDO_BTF_ID		3
#define BPF_PSEUDO_FUNC			4
#define BPF_PSEUDO_CALL			1
#define BPF_PSEUDO_KFUNC_CALL		2

#endif
