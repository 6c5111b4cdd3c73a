/* Kinds of pid are enumerators. */
#ifndef BCC_LINUX_PID_H
#define BCC_LINUX_PID_H

#define pid_nr(pid)	((pid)->numbers[0].nr)

#endif
