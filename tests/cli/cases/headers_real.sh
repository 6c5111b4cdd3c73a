# Types out of a real kernel's header package. What is right is in the package itself: offsets and sizes
# that the kernel's own compiler wrote down (asm-offsets.h) when the kernel was built.

tree=
for build in /lib/modules/*/build /usr/src/linux-headers-*; do
	[ ! -e "$build/include/generated/autoconf.h" ] || tree=$build
done
[ -n "$tree" ] || skip "no kernel headers are installed (on Debian: linux-headers-amd64)"
[ "$(uname -m)" = x86_64 ] || skip "asserts registers of x86-64"
offsets=$tree/include/generated/asm-offsets.h
[ -e "$offsets" ] || skip "$tree has no asm-offsets.h"

{
	# The last one is a header that only the tree has.
	printf '#include <%s>\n' uapi/linux/ptrace.h linux/sched.h net/sock.h linux/suspend.h
	sed -En 's|^#define \w+ ([0-9]+) /\* offsetof\(struct (pt_regs\|task_struct\|pbe), (.*)\) \*/|_Static_assert(__builtin_offsetof(struct \2, \3) == \1, "\2 \3");|p' \
		"$offsets"
	cat <<'EOF2'
BPF_HASH(calls, u32, u64);

int watch(struct pt_regs *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct sock *sk = (struct sock *)PT_REGS_PARM1(ctx);
	u32 parent = task->real_parent->tgid + sk->__sk_common.skc_num;
	u64 inum = task->nsproxy->net_ns->ns.inum + task->mm->arg_start;

	calls.update(&parent, &inum);
	return 0;
}
EOF2
} >real.c
[ "$(grep -c _Static_assert real.c)" -gt 10 ] || fail "asm-offsets.h says too little"
expect 0 "$bpfcc" build --exact --kernel-headers "$tree" real.c
err_is </dev/null
[ -s real.o ] || fail "no real.o"
grep -v _Static_assert real.c >portable.c
expect 0 "$bpfcc" build --kernel-headers "$tree" portable.c
[ -s portable.o ] || fail "no portable.o"

# The test can fail: another kernel's number is no match.
sed '0,/ == [0-9]*/s// == 65535/' real.c >wrong.c
expect 5 "$bpfcc" build --exact --kernel-headers "$tree" wrong.c
err_has 'static.assert.* failed'
