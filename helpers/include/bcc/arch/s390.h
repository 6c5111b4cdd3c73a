/*
 * s390x: five parameters in registers. System calls take the caller's registers since 5.12; the
 * first parameter is kept apart there, as its register also takes the result.
 */
#ifndef BCC_ARCH_S390_H
#define BCC_ARCH_S390_H

#include <linux/version.h>

#define _BCC_REG_PARM1		gprs[2]
#define _BCC_REG_PARM2		gprs[3]
#define _BCC_REG_PARM3		gprs[4]
#define _BCC_REG_PARM4		gprs[5]
#define _BCC_REG_PARM5		gprs[6]
#define _BCC_REG_RC		gprs[2]
#define _BCC_REG_IP		psw.addr
#define _BCC_REG_SP		gprs[15]
#define _BCC_REG_FP		gprs[11]
#define _BCC_REG_RET		gprs[14]

#define _BCC_SYSCALL_WRAPPER	(BCC_KERNEL_CODE >= KERNEL_VERSION(5, 12, 0))
#define _BCC_REG_SYSCALL_PARM1	orig_gpr2
#define _BCC_REG_SYSCALL_PARM6	gprs[7]

#define _BCC_PAGE_SHIFT		12

#define _BCC_O_DIRECT		040000
#define _BCC_O_LARGEFILE	0100000
#define _BCC_O_DIRECTORY	0200000
#define _BCC_O_NOFOLLOW		0400000

#endif
