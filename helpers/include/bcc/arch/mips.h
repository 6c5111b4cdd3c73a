/*
 * 64-bit MIPS (n64). System calls take their parameters as functions do. Error numbers, signals,
 * open flags and socket options differ from the other architectures: mips-*.h.
 */
#ifndef BCC_ARCH_MIPS_H
#define BCC_ARCH_MIPS_H

#define _BCC_REG_PARM1		regs[4]
#define _BCC_REG_PARM2		regs[5]
#define _BCC_REG_PARM3		regs[6]
#define _BCC_REG_PARM4		regs[7]
#define _BCC_REG_PARM5		regs[8]
#define _BCC_REG_PARM6		regs[9]
#define _BCC_REG_RC		regs[2]
#define _BCC_REG_IP		cp0_epc
#define _BCC_REG_SP		regs[29]
#define _BCC_REG_FP		regs[30]
#define _BCC_REG_RET		regs[31]

#define _BCC_SYSCALL_WRAPPER	0

#if defined(CONFIG_PAGE_SIZE_64KB)
#define _BCC_PAGE_SHIFT		16
#elif defined(CONFIG_PAGE_SIZE_16KB)
#define _BCC_PAGE_SHIFT		14
#else
#define _BCC_PAGE_SHIFT		12
#endif

#endif
