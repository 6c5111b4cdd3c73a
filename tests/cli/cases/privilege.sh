# Without privileges: what needs none works, and what needs some says which.

needs_tracing
command -v setpriv >/dev/null || skip "setpriv is missing"
# Nobody may have no way into the build directory.
mkdir bin libexec lib
cp -r "$build/libexec/bcc" libexec/
cp -P "$build"/lib/libbcc.so* lib/
cp "$bpfcc" bin/
chmod -R a+rX .
as_nobody() {
	local code=$1

	shift
	expect "$code" setpriv --reuid nobody --regid nogroup --clear-groups \
		env LD_LIBRARY_PATH="$tmp/lib" bin/bpfcc "$@"
}
echo 'BPF_HASH(counts, u32); int f(void *ctx) { return 0; }' >map.c
as_nobody 0 --version
as_nobody 0 rewrite map.c
out_has "^} counts SEC"
as_nobody 3 run --attach f=raw_tp:sys_enter map.c
err_has 'this process lacks the capabilities CAP_BPF and CAP_PERFMON'
err_has '^   = hint: .*sudo'
