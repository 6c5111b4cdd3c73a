/* Where an architecture passes arguments: fields of struct pt_regs as the kernel's BTF names them. */
#ifndef REWRITER_REGISTERS_H
#define REWRITER_REGISTERS_H

struct registers {
	const char *arguments[6]; /* of a function */
	const char *syscall[6];   /* of a system call */
	const char *result;
};

/* Of the architecture that the compiler was built for. */
const struct registers *registers_here(void);

#endif
