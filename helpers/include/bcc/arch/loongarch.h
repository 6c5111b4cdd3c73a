/* 64-bit LoongArch. System calls take their parameters as functions do. Pages are of 16 KiB. */
#ifndef BCC_ARCH_LOONGARCH_H
#define BCC_ARCH_LOONGARCH_H

#define _BCC_REG_PARM1		regs[4]
#define _BCC_REG_PARM2		regs[5]
#define _BCC_REG_PARM3		regs[6]
#define _BCC_REG_PARM4		regs[7]
#define _BCC_REG_PARM5		regs[8]
#define _BCC_REG_PARM6		regs[9]
#define _BCC_REG_RC		regs[4]
#define _BCC_REG_IP		csr_era
#define _BCC_REG_SP		regs[3]
#define _BCC_REG_FP		regs[22]
#define _BCC_REG_RET		regs[1]

#define _BCC_SYSCALL_WRAPPER	0

#if defined(CONFIG_PAGE_SIZE_64KB)
#define _BCC_PAGE_SHIFT		16
#elif defined(CONFIG_PAGE_SIZE_4KB)
#define _BCC_PAGE_SHIFT		12
#else
#define _BCC_PAGE_SHIFT		14
#endif

#define _BCC_O_DIRECT		040000
#define _BCC_O_LARGEFILE	0100000
#define _BCC_O_DIRECTORY	0200000
#define _BCC_O_NOFOLLOW		0400000

#endif
