# The rewritten text: the user's own part exactly, and both forms of it.

[ -r /sys/kernel/btf/vmlinux ] || skip "the kernel does not tell its types"
cat >seen.c <<'EOF'
BPF_HASH(seen, u32, u64);

int on_call(void *ctx)
{
	u32 slot = SLOT;

	seen.increment(slot);
	return 0;
}
EOF
expect 0 "$bpfcc" rewrite -DSLOT=1 seen.c
err_is </dev/null
mv .out rewritten.c
sed -n '/^struct {$/,$p' rewritten.c >.out
out_is <<'EOF'
struct {
	__uint(type, BPF_MAP_TYPE_HASH);
	__uint(max_entries, 10240);
	__type(key, u32);
	__type(value, u64);
} seen SEC(".maps");

SEC("kprobe")
int on_call(void *ctx)
{
	u32 slot = 1;

	bcc_increment(&seen, slot, 1);
	return 0;
}

char LICENSE[] SEC("license") = "GPL";
EOF

expect 0 "$bpfcc" rewrite -D SLOT=1 - <seen.c
cmp -s .out rewritten.c || fail "standard input is rewritten differently"

# The kernel's structs: relocatable by default, with this kernel's offsets if asked for.
cat >task.c <<'EOF'
#include <linux/sched.h>
int parent(struct pt_regs *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();

	return task->real_parent->tgid;
}
EOF
expect 0 "$bpfcc" rewrite task.c
out_has 'preserve_access_index'
expect 0 "$bpfcc" rewrite --exact task.c
out_lacks 'preserve_access_index'


# Another kernel's types, here of one that does not exist.
if [ -r "$build/tests/kernel.o" ]; then
	sed 's/tgid/tid_high/' task.c >other.c
	expect 0 "$bpfcc" rewrite --btf "$build/tests/kernel.o" other.c
	out_has 'u32 tid_high;'
fi
expect 1 "$bpfcc" rewrite --btf nothing task.c
err_has "cannot be read from nothing: no such file"
echo 'no types' >text
expect 1 "$bpfcc" rewrite --btf text task.c
err_has "cannot be read from text: this is no BTF"
err_has "raw BTF"
expect 2 "$bpfcc" rewrite --btf x --kernel-headers y task.c

expect 5 "$bpfcc" rewrite seen.c
out_is </dev/null
err_is <<'EOF'
error: use of undeclared identifier 'SLOT'
  --> seen.c:5:13
   |
 5 |         u32 slot = SLOT;
   |                    ^^^^
   = hint: it is no constant of the kernel's BTF or of the headers bpfcc brings; if it is a macro of the kernel, #define it
EOF
