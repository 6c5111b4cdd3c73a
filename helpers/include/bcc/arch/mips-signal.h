/* Signals and sigaction() flags of MIPS. */
#ifndef BCC_ARCH_MIPS_SIGNAL_H
#define BCC_ARCH_MIPS_SIGNAL_H

#define SIGEMT		7
#define SIGBUS		10
#define SIGSYS		12
#define SIGUSR1		16
#define SIGUSR2		17
#define SIGCHLD		18
#define SIGPWR		19
#define SIGWINCH	20
#define SIGURG		21
#define SIGIO		22
#define SIGSTOP		23
#define SIGTSTP		24
#define SIGCONT		25
#define SIGTTIN		26
#define SIGTTOU		27
#define SIGVTALRM	28
#define SIGPROF		29
#define SIGXCPU		30
#define SIGXFSZ		31
#define SIGCLD		SIGCHLD
#define SIGPOLL		SIGIO
#define SIGRTMIN	32
#define SIGRTMAX	128
#define _NSIG		128

#define SA_NOCLDSTOP	0x1
#define SA_SIGINFO	0x8
#define SA_NOCLDWAIT	0x10000
#define SA_ONSTACK	0x8000000
#define SA_RESTART	0x10000000
#define SA_NODEFER	0x40000000
#define SA_RESETHAND	0x80000000

#define SIG_BLOCK	1
#define SIG_UNBLOCK	2
#define SIG_SETMASK	3

#endif
