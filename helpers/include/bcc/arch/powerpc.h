/*
 * 64-bit PowerPC. No register is the frame pointer. System calls take the caller's registers since
 * 6.1. Pages are of 64 KiB unless the configuration says 4.
 */
#ifndef BCC_ARCH_POWERPC_H
#define BCC_ARCH_POWERPC_H

#include <linux/version.h>

#define _BCC_REG_PARM1		gpr[3]
#define _BCC_REG_PARM2		gpr[4]
#define _BCC_REG_PARM3		gpr[5]
#define _BCC_REG_PARM4		gpr[6]
#define _BCC_REG_PARM5		gpr[7]
#define _BCC_REG_PARM6		gpr[8]
#define _BCC_REG_RC		gpr[3]
#define _BCC_REG_IP		nip
#define _BCC_REG_SP		gpr[1]
#define _BCC_REG_RET		link

#define _BCC_SYSCALL_WRAPPER	(BCC_KERNEL_CODE >= KERNEL_VERSION(6, 1, 0))
#define _BCC_REG_SYSCALL_PARM1	orig_gpr3

#ifdef CONFIG_PPC_4K_PAGES
#define _BCC_PAGE_SHIFT		12
#else
#define _BCC_PAGE_SHIFT		16
#endif

#define _BCC_O_DIRECT		0400000
#define _BCC_O_LARGEFILE	0200000
#define _BCC_O_DIRECTORY	040000
#define _BCC_O_NOFOLLOW		0100000

#endif
