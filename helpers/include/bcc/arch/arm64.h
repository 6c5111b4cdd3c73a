/* arm64, with pages of 4, 16 or 64 KiB. */
#ifndef BCC_ARCH_ARM64_H
#define BCC_ARCH_ARM64_H

#define _BCC_REG_PARM1		regs[0]
#define _BCC_REG_PARM2		regs[1]
#define _BCC_REG_PARM3		regs[2]
#define _BCC_REG_PARM4		regs[3]
#define _BCC_REG_PARM5		regs[4]
#define _BCC_REG_PARM6		regs[5]
#define _BCC_REG_RC		regs[0]
#define _BCC_REG_IP		pc
#define _BCC_REG_SP		sp
#define _BCC_REG_FP		regs[29]
#define _BCC_REG_RET		regs[30]

#define _BCC_SYSCALL_WRAPPER	1

#if defined(CONFIG_ARM64_64K_PAGES)
#define _BCC_PAGE_SHIFT		16
#elif defined(CONFIG_ARM64_16K_PAGES)
#define _BCC_PAGE_SHIFT		14
#else
#define _BCC_PAGE_SHIFT		12
#endif

#define _BCC_O_DIRECT		0200000
#define _BCC_O_LARGEFILE	0400000
#define _BCC_O_DIRECTORY	040000
#define _BCC_O_NOFOLLOW		0100000

#endif
