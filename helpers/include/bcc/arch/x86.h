/* x86-64: the function calling convention of System V; system calls take r10 for rcx. */
#ifndef BCC_ARCH_X86_H
#define BCC_ARCH_X86_H

#define _BCC_REG_PARM1		di
#define _BCC_REG_PARM2		si
#define _BCC_REG_PARM3		dx
#define _BCC_REG_PARM4		cx
#define _BCC_REG_PARM5		r8
#define _BCC_REG_PARM6		r9
#define _BCC_REG_RC		ax
#define _BCC_REG_IP		ip
#define _BCC_REG_SP		sp
#define _BCC_REG_FP		bp
#define _BCC_REG_RET		sp /* where the return address is, at a function's entry */

#define _BCC_SYSCALL_WRAPPER	1
#define _BCC_REG_SYSCALL_PARM4	r10

#define _BCC_PAGE_SHIFT		12

#define _BCC_O_DIRECT		040000
#define _BCC_O_LARGEFILE	0100000
#define _BCC_O_DIRECTORY	0200000
#define _BCC_O_NOFOLLOW		0400000

#endif
