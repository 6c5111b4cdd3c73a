/* Names of system calls and of the functions that enter them. */
#ifndef BCC_ATTACH_SYSCALL_NAME_H
#define BCC_ATTACH_SYSCALL_NAME_H

#include "kernel/kernel.h"

/*
 * The function that enters a system call on this machine, malloc()ed; NULL when there is none. BTF
 * leaves out those of calls without arguments; their prefix is that of bpf(), which every kernel here
 * has.
 */
char *syscall_function(struct kernel *k, const char *name);

/* The system call that a function of this name enters, on any machine; NULL: it enters none. */
const char *syscall_of(const char *function);

#endif
