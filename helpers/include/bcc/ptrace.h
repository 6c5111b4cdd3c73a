/*
 * The registers of a probe by what they hold. Each macro is an lvalue, so that its address can be
 * taken: in a system call's entry, PT_REGS_SYSCALL_CTX() gives the caller's registers, which are
 * read from the kernel. The names of the registers are in bcc/arch/.
 */
#ifndef BCC_PTRACE_H
#define BCC_PTRACE_H

#include <bcc/arch.h>

#define PT_REGS_PARM1(ctx)	((ctx)->_BCC_REG_PARM1)
#define PT_REGS_PARM2(ctx)	((ctx)->_BCC_REG_PARM2)
#define PT_REGS_PARM3(ctx)	((ctx)->_BCC_REG_PARM3)
#define PT_REGS_PARM4(ctx)	((ctx)->_BCC_REG_PARM4)
#define PT_REGS_PARM5(ctx)	((ctx)->_BCC_REG_PARM5)
#ifdef _BCC_REG_PARM6
#define PT_REGS_PARM6(ctx)	((ctx)->_BCC_REG_PARM6)
#endif

#define PT_REGS_RC(ctx)		((ctx)->_BCC_REG_RC)
#define PT_REGS_IP(ctx)		((ctx)->_BCC_REG_IP)
#define PT_REGS_SP(ctx)		((ctx)->_BCC_REG_SP)
#ifdef _BCC_REG_FP
#define PT_REGS_FP(ctx)		((ctx)->_BCC_REG_FP)
#endif
#define PT_REGS_RET(ctx)	((ctx)->_BCC_REG_RET)

/* Where system calls take a pointer to the caller's registers, that is their first parameter. */
#if _BCC_SYSCALL_WRAPPER
#define PT_REGS_SYSCALL_CTX(ctx)	((struct pt_regs *)PT_REGS_PARM1(ctx))
#else
#define PT_REGS_SYSCALL_CTX(ctx)	(ctx)
#endif

/* The convention of system calls differs from that of functions in a register here and there. */
#if _BCC_SYSCALL_WRAPPER && defined(_BCC_REG_SYSCALL_PARM1)
#define PT_REGS_PARM1_SYSCALL(ctx)	((ctx)->_BCC_REG_SYSCALL_PARM1)
#else
#define PT_REGS_PARM1_SYSCALL(ctx)	PT_REGS_PARM1(ctx)
#endif
#define PT_REGS_PARM2_SYSCALL(ctx)	PT_REGS_PARM2(ctx)
#define PT_REGS_PARM3_SYSCALL(ctx)	PT_REGS_PARM3(ctx)
#if _BCC_SYSCALL_WRAPPER && defined(_BCC_REG_SYSCALL_PARM4)
#define PT_REGS_PARM4_SYSCALL(ctx)	((ctx)->_BCC_REG_SYSCALL_PARM4)
#else
#define PT_REGS_PARM4_SYSCALL(ctx)	PT_REGS_PARM4(ctx)
#endif
#define PT_REGS_PARM5_SYSCALL(ctx)	PT_REGS_PARM5(ctx)
#ifdef _BCC_REG_SYSCALL_PARM6
#define PT_REGS_PARM6_SYSCALL(ctx)	((ctx)->_BCC_REG_SYSCALL_PARM6)
#elif defined(_BCC_REG_PARM6)
#define PT_REGS_PARM6_SYSCALL(ctx)	PT_REGS_PARM6(ctx)
#endif

#endif
