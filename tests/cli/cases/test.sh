# bpfcc test: a program on bytes of ours, what it returns and leaves, and how wrong input is answered.

cat >packets.c <<'END'
int on_frame(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;

	if (data + sizeof(*eth) > end)
		return XDP_ABORTED;
	eth->h_proto = bpf_htons(0x86dd);
	return XDP_TX;
}

int on_packet(struct __sk_buff *skb)
{
	skb->mark += 2;
	return skb->len;
}

RAW_TRACEPOINT_PROBE(sys_enter)
{
	return ctx->args[1] == 7;
}

int kprobe__vfs_read(struct pt_regs *ctx)
{
	return 0;
}
END
frame='ffffffffffff 02:00:00:00:00:01 0800 4500001400000000401100007f0000017f000001'

# Wrong usage needs no kernel.
usage() {
	local message=$1

	shift
	expect 2 "$bpfcc" test "$@"
	[ "$(cat .err)" = "bpfcc test: $message; see bpfcc test --help" ] || fail "not: $message"
	out_is </dev/null
}
usage 'no file'
usage "one function only: what is 'c'?" a.c b c
usage "--data: an odd number of hex digits (3)" --data 012 packets.c
usage "--ctx: 'z' is no hex digit; @zz would be a file" --ctx zz packets.c
usage "--repeat '0' is not a number of runs" --repeat 0 packets.c
usage "--repeat '4294967297' is not a number of runs" --repeat 4294967297 packets.c
usage "--cpu '-1' is not the number of a CPU" --cpu -1 packets.c
expect 1 "$bpfcc" test --data @missing packets.c
err_has '^bpfcc: error: cannot read missing: No such file'
expect 1 "$bpfcc" test --data @/dev/zero packets.c
err_has 'more bytes than any data: the limit is 1048576'

needs_tracing
usage 'which program? There are: on_frame on_packet raw_tracepoint__sys_enter kprobe__vfs_read' \
	packets.c
usage "packets.c has no program 'on_fram'; there are: on_frame on_packet raw_tracepoint__sys_enter kprobe__vfs_read" \
	packets.c on_fram

expect 0 "$bpfcc" test packets.c on_frame --type xdp --data "$frame"
sed -i -E 's/^time: [0-9]+ ns$/time: N ns/' .out
out_is <<'EOF'
return value: 3 (XDP_TX)
time: N ns
data: 34 bytes
  0000  ff ff ff ff ff ff 02 00  00 00 00 01 86 dd 45 00  ..............E.
  0010  00 14 00 00 00 00 40 11  00 00 7f 00 00 01 7f 00  ......@.........
  0020  00 01                                             ..
EOF
printf '\xff%.0s' {1..64} >frame
expect 0 "$bpfcc" test packets.c on_packet --type tc --data @frame --repeat 50
out_has '^return value: 64$'
out_has '^time: [0-9]+ ns a run$'
out_has '^data: 64 bytes, unchanged$'
# The mark is the third word of the context.
expect 0 "$bpfcc" test packets.c on_packet --type tc --data @- --ctx 000000000000000007000000 <frame
out_has '^context: [0-9]+ bytes$'
out_has '^  0000  00 00 00 00 00 00 00 00  09 00 00 00 '
expect 0 "$bpfcc" test --json packets.c raw_tracepoint__sys_enter --repeat 3 \
	--ctx 00000000000000000700000000000000
sed -i -E 's/"duration_ns":[0-9]+/"duration_ns":N/' .out
out_is <<'EOF'
{"v":1,"type":"test","function":"raw_tracepoint__sys_enter","retval":1,"duration_ns":N,"timed_outside":true,"repeat":3,"data":"","ctx":""}
EOF

# What cannot be: too little data, a context too small, a type that is not run so, no such CPU.
expect 1 "$bpfcc" test packets.c on_frame --type xdp --data 0102
err_has "program 'on_frame' of type xdp runs on data of at least 14 bytes .*; the data is shorter"
expect 1 "$bpfcc" test packets.c on_frame --type xdp
err_has 'no data was given'
expect 1 "$bpfcc" test packets.c raw_tracepoint__sys_enter
err_has 'as context 64-bit words'
expect 4 "$bpfcc" test packets.c kprobe__vfs_read
err_has "'kprobe__vfs_read' is of type kprobe, which the kernel does not run for a test"
err_has 'hint: those that can be.* xdp, tc'
expect 1 "$bpfcc" test packets.c raw_tracepoint__sys_enter --cpu 4095 \
	--ctx 00000000000000000700000000000000
err_has 'there is no CPU 4095'
