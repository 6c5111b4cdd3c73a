/*
 * From text to a table that is read: which system calls does this very process make? Everything is
 * gone from the kernel when the context is destroyed. With error handling: events.c.
 */
#include <bcc/bcc.h>
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	const char *text = "BPF_HASH(counts, u32);\n"
			   "TRACEPOINT_PROBE(raw_syscalls, sys_enter) {\n"
			   "	counts.increment(bpf_get_current_pid_tgid() >> 32);\n"
			   "	return 0;\n"
			   "}\n";
	uint32_t pid = getpid();
	uint64_t calls = 0;
	struct bcc_context *ctx;
	struct bcc_module *mod;

	if (bcc_context_create(NULL, &ctx) || bcc_module_create(ctx, text, NULL, &mod) ||
	    bcc_module_attach_all(mod) < 0)
		return 1;
	for (int i = 0; i < 100; i++)
		getppid();
	bcc_table_get(bcc_module_table(mod, "counts"), &pid, &calls);
	printf("%u made %llu system calls\n", pid, (unsigned long long)calls);
	bcc_context_destroy(ctx);
}
