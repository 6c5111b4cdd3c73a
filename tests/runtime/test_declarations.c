/*
 * The declarations of programs in docs/dialect.md, each fired a known number of times by this process:
 * counted exactly, with the argument or result that the declaration names. What a kernel lacks is
 * skipped by name, with what the library says of it.
 */
#include "in_context.h"

#include <bcc/bcc.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>

enum { CALLS = 3 };

static const char text[] =
	"#include <bpf/bpf_tracing.h>\n"
	"struct seen { u64 calls, value; };\n"
	"BPF_HASH(all, u32, struct seen);\n"
	"BPF_ARRAY(address, u64, 1);\n"
	"static int seen(u32 key, u64 value)\n"
	"{\n"
	"	struct seen none = {}, *s;\n"
	"	if (bpf_get_current_pid_tgid() >> 32 != TARGET)\n"
	"		return 0;\n"
	"	s = all.lookup_or_try_init(&key, &none);\n"
	"	if (s) {\n"
	"		s->calls++;\n"
	"		s->value = value;\n"
	"	}\n"
	"	return 0;\n"
	"}\n"
	"static u64 user_word(void)\n"
	"{\n"
	"	u32 zero = 0;\n"
	"	u64 word = 0, *at = address.lookup(&zero);\n"
	"	if (at && bpf_get_current_pid_tgid() >> 32 == TARGET)\n"
	"		bpf_copy_from_user(&word, sizeof(word), (void *)*at);\n"
	"	return word;\n"
	"}\n"
	"int kprobe__security_task_getpgid(struct pt_regs *ctx, struct task_struct *p)\n"
	"{ return seen(1, p->tgid); }\n"
	"int kretprobe____x64_sys_getpgid(struct pt_regs *ctx)\n"
	"{ return seen(2, PT_REGS_RC(ctx)); }\n"
	"int syscall__getpgid(struct pt_regs *ctx, int pid)\n"
	"{ return seen(3, pid); }\n"
	"KFUNC_PROBE(security_task_getpgid, struct task_struct *p)\n"
	"{ return seen(4, p->tgid); }\n"
	"KRETFUNC_PROBE(__x64_sys_getpgid, struct pt_regs *regs, long ret)\n"
	"{ return seen(5, regs->di << 32 | ret); }\n"
	"MODULE_KFUNC_PROBE(overlay, ovl_open, struct inode *inode, struct file *file)\n"
	"{ return seen(6, file->f_flags); }\n"
	"KMOD_RET(security_file_open, struct file *file, int ret)\n"
	"{ seen(7, file->f_flags); return 0; }\n"
	"LSM_PROBE(file_open, struct file *file)\n"
	"{ seen(8, file->f_flags); return 0; }\n"
	"RAW_TRACEPOINT_PROBE(sys_enter)\n"
	"{\n"
	"	struct pt_regs *regs = (struct pt_regs *)ctx->args[0];\n"
	"	return ctx->args[1] == GETPGID ? seen(9, regs->di) : 0;\n"
	"}\n"
	"TRACEPOINT_PROBE(syscalls, sys_enter_getpgid)\n"
	"{ return seen(10, args->pid); }\n"
	"BPF_ITER(task)\n"
	"{\n"
	"	struct seq_file *out = ctx->meta->seq;\n"
	"	struct task_struct *task = ctx->task;\n"
	"	if (task && task->tgid == TARGET)\n"
	"		BPF_SEQ_PRINTF(out, \"%d %d\\n\", task->tgid, task->pid);\n"
	"	return 0;\n"
	"}\n"
	"SEC(\"fentry.s/__x64_sys_getpgid\") int BPF_PROG(slow_entry, struct pt_regs *regs)\n"
	"{ u64 word = user_word(); return seen(11, word); }\n"
	"SEC(\"lsm.s/file_open\") int BPF_PROG(slow_open, struct file *file)\n"
	"{ u64 word = user_word(); return seen(12, word); }\n"
	"SEC(\"fexit.s/__x64_sys_getpgid\") int BPF_PROG(slow_leave, struct pt_regs *regs, long ret)\n"
	"{ u64 word = user_word(); return seen(13, word); }\n"
	"int slow_probe(struct pt_regs *ctx, u64 value)\n"
	"{ u64 word = user_word(); return seen(14, word + value); }\n";

static struct bcc_module *mod;
static uint64_t *fresh; /* a word in a page of a file that nothing has touched */

static int setup(void **state)
{
	char target[32], number[32];
	const char *const cflags[] = { target, number, NULL };
	BCC_OPTS(bcc_module_opts, mod_opts, .cflags = cflags);

	snprintf(target, sizeof(target), "-DTARGET=%d", getpid());
	snprintf(number, sizeof(number), "-DGETPGID=%d", SYS_getpgid);
	assert_int_equal(setup_context(state), 0);
	check(ctx, bcc_module_create(ctx, text, &mod_opts, &mod), 0);
	return 0;
}

/* A link; skips, in the library's words, what this kernel cannot do. */
static struct bcc_link *attach(const char *program, const char *hook)
{
	struct bcc_program *prog = bcc_module_program(mod, program);
	struct bcc_link *link = NULL;
	int err;

	assert_non_null(prog);
	err = bcc_program_attach(prog, hook, NULL, &link);
	/* Built without CONFIG_FUNCTION_ERROR_INJECTION, no function lets a program sleep. */
	if (err == BCC_ERR_KERNEL ||
	    (err == BCC_ERR_VERIFIER &&
	     strstr(bcc_diag_message(bcc_diag_get(ctx, 0)), "is not sleepable")))
		SKIP("%s: %s", hook ? hook : program, bcc_diag_message(bcc_diag_get(ctx, 0)));
	check(ctx, err, 0);
	return link;
}

struct seen {
	uint64_t calls, value;
};

static struct seen get(uint32_t key)
{
	struct seen s = { 0 };

	bcc_table_get(bcc_module_table(mod, "all"), &key, &s);
	return s;
}

static void get_own_group(void)
{
	assert_true(getpgid(getpid()) >= 0);
}

/* Attached, so many calls are seen, with this value in the last of them; detached, none. */
static void counted(const char *program, const char *hook, uint32_t key, void (*call)(void),
		    uint64_t value)
{
	struct bcc_link *link = attach(program, hook);
	struct seen before = get(key);

	for (int i = 0; i < CALLS; i++)
		call();
	assert_int_equal(get(key).calls - before.calls, CALLS);
	assert_int_equal(get(key).value, value);
	bcc_link_destroy(link);
	call();
	assert_int_equal(get(key).calls - before.calls, CALLS);
}

static void kprobe(void **state)
{
	(void)state;
	counted("kprobe__security_task_getpgid", NULL, 1, get_own_group, getpid());
}

static void kretprobe(void **state)
{
	(void)state;
	counted("kretprobe____x64_sys_getpgid", NULL, 2, get_own_group, getpgid(0));
}

static void syscall_(void **state)
{
	(void)state;
	counted("syscall__getpgid", NULL, 3, get_own_group, getpid());
}

static void kfunc(void **state)
{
	(void)state;
	counted("kfunc__vmlinux__security_task_getpgid", NULL, 4, get_own_group, getpid());
}

static void kretfunc(void **state)
{
	(void)state;
	counted("kretfunc__vmlinux____x64_sys_getpgid", NULL, 5, get_own_group,
		(uint64_t)getpid() << 32 | (uint64_t)getpgid(0));
}

static void open_and_close(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);

	assert_true(fd >= 0);
	close(fd);
}

static void open_on_root(void)
{
	open_and_close("/etc/passwd");
}

/* Of procfs: an overlay opens the file below it, too. */
static void open_on_proc(void)
{
	open_and_close("/proc/self/comm");
}

/* What the kernel keeps of the flags: it sets O_LARGEFILE, and has no O_CLOEXEC there. */
enum { KERNEL_FLAGS = O_RDONLY | O_NONBLOCK | 0100000 };

static void need_module(void)
{
	if (access("/sys/module/overlay", F_OK))
		SKIP("module overlay is not loaded");
	if (access("/sys/kernel/btf/overlay", F_OK))
		SKIP("module overlay does not tell its types (Linux 5.11)");
}

static void module_kfunc(void **state)
{
	(void)state;
	need_module();
	counted("kfunc__overlay__ovl_open", NULL, 6, open_on_root, KERNEL_FLAGS);
}

static void named_module(void **state)
{
	(void)state;
	need_module();
	counted("kfunc__overlay__ovl_open", "fentry:overlay:ovl_open", 6, open_on_root,
		KERNEL_FLAGS);
}

static void kmod_ret(void **state)
{
	(void)state;
	counted("kmod_ret__security_file_open", NULL, 7, open_on_proc, KERNEL_FLAGS);
}

static void lsm(void **state)
{
	(void)state;
	counted("lsm__file_open", NULL, 8, open_on_proc, KERNEL_FLAGS);
}

static void raw_tracepoint(void **state)
{
	(void)state;
	counted("raw_tracepoint__sys_enter", NULL, 9, get_own_group, getpid());
}

static void tracepoint(void **state)
{
	(void)state;
	counted("tracepoint__syscalls__sys_enter_getpgid", NULL, 10, get_own_group, getpid());
}

static void iterator(void **state)
{
	struct bcc_link *link = attach("bpf_iter__task", NULL);
	char expected[64], got[256];
	size_t size = 0;
	ssize_t n;
	int fd = bcc_link_iter_fd(link);

	(void)state;
	assert_true(fd >= 0);
	while ((n = read(fd, got + size, sizeof(got) - 1 - size)) > 0)
		size += n;
	assert_int_equal(n, 0);
	close(fd);
	got[size] = '\0';
	snprintf(expected, sizeof(expected), "%d %d\n", getpid(), getpid());
	assert_string_equal(got, expected);
	bcc_link_destroy(link);
}

static const uint64_t secret = 0x736c656570696e67;

/* A page that is only in a file until somebody waits for it. */
static void renew_page(void)
{
	static char page[4096];
	uint32_t zero = 0;
	uint64_t at;
	FILE *f = tmpfile();

	assert_non_null(f);
	memcpy(page, &secret, sizeof(secret));
	assert_int_equal(fwrite(page, sizeof(page), 1, f), 1);
	assert_int_equal(fflush(f), 0);
	fresh = mmap(NULL, sizeof(page), PROT_READ, MAP_PRIVATE, fileno(f), 0);
	fclose(f);
	assert_ptr_not_equal(fresh, MAP_FAILED);
	at = (uintptr_t)fresh;
	assert_int_equal(bcc_table_set(bcc_module_table(mod, "address"), &zero, &at), 0);
}

static void with_fresh_page(void (*call)(void))
{
	renew_page();
	call();
	munmap(fresh, 4096);
}

static void slow_group(void)
{
	with_fresh_page(get_own_group);
}

static void sleepable_fentry(void **state)
{
	(void)state;
	counted("slow_entry", NULL, 11, slow_group, secret);
}

static void sleepable_fexit(void **state)
{
	(void)state;
	counted("slow_leave", NULL, 13, slow_group, secret);
}

static void sleepable_lsm(void **state)
{
	struct bcc_link *link;
	struct seen before;

	(void)state;
	renew_page();
	link = attach("slow_open", NULL);
	before = get(12);
	open_on_proc();
	assert_int_equal(get(12).calls - before.calls, 1);
	assert_int_equal(get(12).value, secret);
	bcc_link_destroy(link);
	open_on_proc();
	assert_int_equal(get(12).calls - before.calls, 1);
	munmap(fresh, 4096);
}

__attribute__((noinline, noclone, used)) void user_function(uint64_t value)
{
	__asm__ volatile("" : : "r"(value) : "memory");
}

static void call_user_function(void)
{
	user_function(5);
}

static void slow_function(void)
{
	with_fresh_page(call_user_function);
}

static void sleepable_uprobe(void **state)
{
	(void)state;
	if (!kernel_is_at_least(6, 0))
		SKIP("uprobe.s: needs Linux 6.0");
	counted("slow_probe", "uprobe.s:/proc/self/exe:user_function", 14, slow_function,
		secret + 5);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kprobe),	   cmocka_unit_test(kretprobe),
		cmocka_unit_test(syscall_),	   cmocka_unit_test(kfunc),
		cmocka_unit_test(kretfunc),	   cmocka_unit_test(module_kfunc),
		cmocka_unit_test(named_module),	   cmocka_unit_test(kmod_ret),
		cmocka_unit_test(lsm),		   cmocka_unit_test(raw_tracepoint),
		cmocka_unit_test(tracepoint),	   cmocka_unit_test(iterator),
		cmocka_unit_test(sleepable_fentry), cmocka_unit_test(sleepable_fexit),
		cmocka_unit_test(sleepable_lsm),   cmocka_unit_test(sleepable_uprobe),
	};
	struct kernel *k;

	need_bpf();
	assert_int_equal(bcc_context_create(NULL, &ctx), 0);
	if (!context_kernel(ctx, &k) && !kernel_has_function(k, "__x64_sys_getpgid")) {
		printf("skipped: the test knows the system calls of x86-64 only\n");
		return 77;
	}
	bcc_context_destroy(ctx);
	return cmocka_run_group_tests(tests, setup, teardown_context);
}
