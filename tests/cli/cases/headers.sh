# Types out of a kernel header tree: those of a small one of our own, then what is wrong with a tree.

[ "$(uname -m)" = x86_64 ] || skip "the tree of tests/fixtures is for x86-64"
cp -r "$source/tests/fixtures/headers" trees
tree=$tmp/trees/linux-headers-5.8.7-tiny
common=$tmp/trees/linux-headers-5.8.7-common

cat >tiny.c <<'EOF2'
#include <linux/sched.h>
#include <linux/rare.h>
#include <linux/version.h>

#if LINUX_VERSION_CODE != KERNEL_VERSION(5, 8, 7)
#error "the version is not that of the headers"
#endif
#ifndef CONFIG_TALL
#error "the configuration is not that of the headers"
#endif

BPF_HASH(seen, u32, u64);

int watch(struct pt_regs *ctx)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct rare *rare = (struct rare *)PT_REGS_PARM1(ctx);
	u32 key = task->real_parent->tgid + task->old + task->high + (task->mood == WILD);
	u64 value = rare->second + task->usage.counter + task->waking + task->line;

	value += task->height[2] + (u64)task->around + (u64)task->act + (u64)task->typed;
	seen.update(&key, &value);
	return 0;
}
EOF2

# The layout is the tree's; so is what gcc, the kernel's compiler, makes of the very same text.
expect 0 "$bpfcc" rewrite --exact --kernel-headers "$tree" tiny.c
err_is </dev/null
sed '/#include <bpf/,$d' .out >types.h
cat >layout.c <<'EOF2'
#include TYPES
int offsets[] = {
	__builtin_offsetof(struct task_struct, height), __builtin_offsetof(struct task_struct, high),
	__builtin_offsetof(struct task_struct, tgid), __builtin_offsetof(struct task_struct, mood),
	__builtin_offsetof(struct task_struct, waking), __builtin_offsetof(struct task_struct, usage),
	__builtin_offsetof(struct task_struct, around), __builtin_offsetof(struct task_struct, act),
	__builtin_offsetof(struct task_struct, real_parent),
	__builtin_offsetof(struct task_struct, typed), __builtin_offsetof(struct task_struct, line),
	sizeof(struct task_struct), __builtin_offsetof(struct rare, second), sizeof(struct rare),
	CALM, WILD, sizeof(((struct task_struct *)0)->height),
};
EOF2
gcc -S -o ours.s -DTYPES='"types.h"' layout.c
# The body of a function that only a kernel's compiler could understand is not for gcc here.
cp -r "$common" plain
sed -i '/^static inline void unknown/,/^}/d' plain/include/linux/sched.h
printf '#include <linux/sched.h>\n#include <linux/rare.h>\n' >all.h
gcc -S -o theirs.s -DTYPES='<all.h>' -include plain/include/linux/kconfig.h \
	-I plain/arch/x86/include -I "$tree/arch/x86/include/generated" \
	-I plain/include -I "$tree/include" -I . layout.c
grep -E '\.(long|value|zero|byte)' ours.s >ours
grep -E '\.(long|value|zero|byte)' theirs.s >theirs
[ "$(wc -l <ours)" -gt 10 ] || fail "gcc wrote no offsets"
diff -u theirs ours || fail "the layout is not gcc's"

# Portable, and all the commands.
expect 0 "$bpfcc" build --exact --kernel-headers "$tree" tiny.c
[ -s tiny.o ] || fail "no tiny.o"
grep -v -e error -e '^#if' -e '^#endif' tiny.c >portable.c
expect 0 "$bpfcc" build --kernel-headers "$tree" portable.c
[ -s portable.o ] || fail "no portable.o"
expect 0 "$bpfcc" rewrite --kernel-headers "$tree" portable.c
out_has 'preserve_access_index'
if [ "$(id -u)" = 0 ]; then
	expect 0 "$bpfcc" check --kernel-headers "$tree" -v tiny.c
	out_has '1 program verified'
fi

# Found in a Makefile, in a link, and in one piece.
mkdir other && mv "$common" other/kernel && rm -rf "$tree/source"
expect 2 "$bpfcc" check --btf x --kernel-headers "$tree" tiny.c
err_has 'not both'
expect 1 "$bpfcc" rewrite --kernel-headers "$tree" tiny.c
err_has 'are only the part that a build makes'
err_has 'hint: install the package'
echo "include $tmp/other/kernel/Makefile" >"$tree/Makefile"
expect 0 "$bpfcc" rewrite --exact --kernel-headers "$tree" tiny.c
echo "include ../../other/kernel/Makefile" >"$tree/Makefile"
expect 0 "$bpfcc" rewrite --exact --kernel-headers "$tree" tiny.c
rm "$tree/Makefile"
ln -s ../../other/kernel "$tree/source"
expect 0 "$bpfcc" rewrite --exact --kernel-headers "$tree" tiny.c
cp -r other/kernel/. whole && cp -r "$tree/include" "$tree/arch" whole
expect 0 "$bpfcc" rewrite --exact --kernel-headers whole tiny.c

# What is wrong with a tree.
bad() {
	expect "$1" "$bpfcc" rewrite --exact --kernel-headers "$2" tiny.c
	err_has "$3"
	err_has "hint: .*$4"
}
bad 1 nowhere 'headers in nowhere cannot be opened: no such file' '/lib/modules/VERSION/build'
bad 1 tiny.c 'tiny.c is not a tree' '/lib/modules/VERSION/build'
bad 1 . '\. is not a tree of kernel headers' '/lib/modules/VERSION/build'
bad 1 other/kernel 'are not configured' 'modules_prepare'
mv other/kernel linux-common
bad 1 linux-common 'are not configured' 'names one'
mv linux-common other/kernel

sed -i 's/CONFIG_X86_64/CONFIG_ARM64/' whole/include/generated/autoconf.h
bad 1 whole 'are for arm64, and this machine is x86-64' 'architecture'
sed -i 's/CONFIG_ARM64/CONFIG_SPARC/' whole/include/generated/autoconf.h
bad 1 whole 'are for another architecture' 'architecture'
echo '#define CONFIG_X86_64 1' >whole/include/generated/autoconf.h
echo '#define CONFIG_RANDSTRUCT 1' >>whole/include/generated/autoconf.h
bad 1 whole 'shuffled' 'BTF'
mkfifo fifo && mv fifo whole/include/generated/autoconf.h
bad 1 whole 'autoconf.h cannot be read' '/lib/modules/VERSION/build'
echo '#define CONFIG_X86_64 1' >autoconf.h && mv autoconf.h whole/include/generated/
mv whole/arch/x86/include/generated generated
bad 1 whole 'incomplete: arch/x86/include is missing' '/lib/modules/VERSION/build'
mv generated whole/arch/x86/include/
mv whole/include/generated/uapi uapi
bad 1 whole 'do not tell their version' '/lib/modules/VERSION/build'
mv uapi whole/include/generated/

echo '#include <linux/broken.h>' >broken.c
expect 5 "$bpfcc" rewrite --kernel-headers whole broken.c
err_has "whole do not compile: unknown type name 'no_such_type'"
err_has 'whole/include/linux/broken.h:2:2'
err_has 'hint: is the tree complete'
printf '#include <linux/none.h>\n' >none.c
expect 5 "$bpfcc" rewrite --kernel-headers whole none.c
err_has "'linux/none.h' file not found"
printf '#include <../include/linux/rare.h>\n#include </etc/passwd>\n' >outside.c
expect 5 "$bpfcc" rewrite --kernel-headers whole outside.c
err_has 'file not found'
printf 'int f(void *ctx) { struct creature *c = ctx; return c->size; }\n' >creature.c
expect 5 "$bpfcc" rewrite --kernel-headers whole creature.c
err_has 'nor the kernel headers that it includes define struct creature'
