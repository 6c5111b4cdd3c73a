/*
 * 64-bit RISC-V. System calls take the caller's registers since 6.6, where the first parameter is
 * kept apart, as its register also takes the result.
 */
#ifndef BCC_ARCH_RISCV_H
#define BCC_ARCH_RISCV_H

#include <linux/version.h>

#define _BCC_REG_PARM1		a0
#define _BCC_REG_PARM2		a1
#define _BCC_REG_PARM3		a2
#define _BCC_REG_PARM4		a3
#define _BCC_REG_PARM5		a4
#define _BCC_REG_PARM6		a5
#define _BCC_REG_RC		a0
#define _BCC_REG_IP		epc
#define _BCC_REG_SP		sp
#define _BCC_REG_FP		s0
#define _BCC_REG_RET		ra

#define _BCC_SYSCALL_WRAPPER	(BCC_KERNEL_CODE >= KERNEL_VERSION(6, 6, 0))
#define _BCC_REG_SYSCALL_PARM1	orig_a0

#define _BCC_PAGE_SHIFT		12

#define _BCC_O_DIRECT		040000
#define _BCC_O_LARGEFILE	0100000
#define _BCC_O_DIRECTORY	0200000
#define _BCC_O_NOFOLLOW		0400000

#endif
