/*
 * Argument registers, one table an architecture; the same facts as helpers/include/bcc/arch has for
 * the preprocessor. The compiler makes programs for the machine it runs on.
 */
#include "registers.h"

static const struct registers here = {
#if defined(__x86_64__)
	.arguments = { "di", "si", "dx", "cx", "r8", "r9" },
	.syscall = { "di", "si", "dx", "r10", "r8", "r9" },
	.result = "ax",
#elif defined(__aarch64__)
	.arguments = { "regs[0]", "regs[1]", "regs[2]", "regs[3]", "regs[4]", "regs[5]" },
	.syscall = { "orig_x0", "regs[1]", "regs[2]", "regs[3]", "regs[4]", "regs[5]" },
	.result = "regs[0]",
#elif defined(__s390x__)
	.arguments = { "gprs[2]", "gprs[3]", "gprs[4]", "gprs[5]", "gprs[6]", 0 },
	.syscall = { "orig_gpr2", "gprs[3]", "gprs[4]", "gprs[5]", "gprs[6]", "gprs[7]" },
	.result = "gprs[2]",
#elif defined(__powerpc64__)
	.arguments = { "gpr[3]", "gpr[4]", "gpr[5]", "gpr[6]", "gpr[7]", "gpr[8]" },
	.syscall = { "orig_gpr3", "gpr[4]", "gpr[5]", "gpr[6]", "gpr[7]", "gpr[8]" },
	.result = "gpr[3]",
#elif defined(__riscv)
	.arguments = { "a0", "a1", "a2", "a3", "a4", "a5" },
	.syscall = { "orig_a0", "a1", "a2", "a3", "a4", "a5" },
	.result = "a0",
#elif defined(__loongarch__)
	.arguments = { "regs[4]", "regs[5]", "regs[6]", "regs[7]", "regs[8]", "regs[9]" },
	.syscall = { "orig_a0", "regs[5]", "regs[6]", "regs[7]", "regs[8]", "regs[9]" },
	.result = "regs[4]",
#else
#error "no argument registers are known for this architecture"
#endif
};

const struct registers *registers_here(void)
{
	return &here;
}
