# bpfcc features: the table, JSON, usage, and that nothing is left behind and nobody is lied to.

usage() {
	local message=$1

	shift
	expect 2 "$bpfcc" features "$@"
	[ "$(cat .err)" = "bpfcc features: $message; see bpfcc features --help" ] || fail "not: $message"
	out_is </dev/null
}
usage "one kind only: what is 'map'?" program map
usage "'maps' is none of kernel, program, map, attach, helper" maps
usage '--type is for helpers' --type xdp map
usage '--check and --type exclude each other' --check --type xdp
expect 1 "$bpfcc" features --type nothing
err_has "there is no program type 'nothing'"

needs_tracing
bpffs=$(ls -A /sys/fs/cgroup)
expect 0 "$bpfcc" features
out_has '^KIND     NAME                         HERE     SINCE$'
out_has '^map      hash                         yes      3.19$'
out_has '^program  xdp                          yes      4.8$'
out_has '^helper   map_lookup_elem              yes      3.19$'
out_lacks ' $'
[ "$(ls -A /sys/fs/cgroup)" = "$bpffs" ] || fail "a cgroup is left"
expect 0 "$bpfcc" features --json map
out_has '^\{"v":1,"type":"feature","kind":"map","name":"ringbuf","here":"(yes|no)","since":"5\.8"'
out_lacks '"kind":"program"'
expect 0 "$bpfcc" features --type xdp
out_has '^helper   redirect_map                 yes '
out_has '^helper   skb_store_bytes              no '
expect 0 "$bpfcc" features --check
out_is </dev/null

# Without privileges nothing is known to be missing.
if command -v setpriv >/dev/null && [ "$(cat /proc/sys/kernel/unprivileged_bpf_disabled)" != 0 ]; then
	mkdir bin lib
	cp -P "$build"/lib/libbcc.so* lib/
	cp "$bpfcc" bin/
	chmod -R a+rX .
	expect 0 setpriv --reuid 65534 --regid 65534 --clear-groups \
		env LD_LIBRARY_PATH="$tmp/lib" bin/bpfcc features
	out_has '^map      hash                         unknown  3.19   this process lacks'
	out_has '^program  xdp                          unknown  4.8    this process lacks'
	out_lacks '^(map|program|helper) .* no '
fi
