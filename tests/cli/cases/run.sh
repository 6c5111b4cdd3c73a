# bpfcc run FILE.c: exact counts of a workload of our own, in every form of output.

needs_tracing
cat >calls.c <<'EOF'
struct call { u32 nth; char comm[16]; };
BPF_PERF_OUTPUT(events);
BPF_HASH(counts, u32);
BPF_PERCPU_ARRAY(cells, u64, 4);
BPF_HISTOGRAM(sizes);
TRACEPOINT_PROBE(syscalls, sys_enter_lseek)
{
	struct call c = {};
	u32 whence = args->whence, cell = 2;

	if (bpf_get_current_pid_tgid() >> 32 != TARGET_PID)
		return 0;
	c.nth = args->offset;
	bpf_get_current_comm(&c.comm, sizeof(c.comm));
	events.perf_submit(args, &c, sizeof(c));
	counts.increment(whence);
	cells.increment(cell);
	sizes.increment(bpf_log2l(args->offset));
	return 0;
}
EOF
command -v lua5.4 >/dev/null || skip "needs lua5.4"
cat >work.lua <<'EOF'
local file = assert(io.open("calls.c"))
file:setvbuf("no")
for i = 5, 7 do file:seek("set", i) end
file:seek("set", 100)
EOF

expect 0 "$bpfcc" run calls.c -- lua5.4 work.lua
err_is </dev/null
out_is <<'EOF'
     NTH COMM
       5 lua5.4
       6 lua5.4
       7 lua5.4
     100 lua5.4

counts:
  0 -> 4

cells:
  2 -> 4

sizes:
     value               : count     distribution
         0 -> 1          : 0        |                                        |
         2 -> 3          : 0        |                                        |
         4 -> 7          : 3        |****************************************|
         8 -> 15         : 0        |                                        |
        16 -> 31         : 0        |                                        |
        32 -> 63         : 0        |                                        |
        64 -> 127        : 1        |*************                           |
EOF

expect 0 "$bpfcc" run --table counts - -- lua5.4 work.lua <calls.c
out_has '^     100 lua5.4$'
out_has '^  0 -> 4$'
out_lacks cells

expect 0 "$bpfcc" run --json calls.c -- lua5.4 work.lua
sed -i -E 's/"ts":[0-9]+/"ts":0/' .out
out_is <<'EOF'
{"v":1,"ts":0,"type":"event","table":"events","data":{"nth": 5, "comm": "lua5.4"}}
{"v":1,"ts":0,"type":"event","table":"events","data":{"nth": 6, "comm": "lua5.4"}}
{"v":1,"ts":0,"type":"event","table":"events","data":{"nth": 7, "comm": "lua5.4"}}
{"v":1,"ts":0,"type":"event","table":"events","data":{"nth": 100, "comm": "lua5.4"}}
{"v":1,"ts":0,"type":"map","table":"counts","entries":[{"key":0,"value":4}]}
{"v":1,"ts":0,"type":"map","table":"cells","entries":[{"key":2,"value":4}]}
{"v":1,"ts":0,"type":"hist","table":"sizes","buckets":[{"key":3,"lo":4,"hi":7,"count":3},{"key":7,"lo":64,"hi":127,"count":1}]}
EOF

# A table is sorted, the largest value first.
cat >sort.c <<'EOF'
struct key { u32 at; char name[8]; };
BPF_HASH(counts, struct key);
TRACEPOINT_PROBE(syscalls, sys_enter_lseek)
{
	struct key key = { .at = args->offset, .name = "a\"\033b" };

	if (bpf_get_current_pid_tgid() >> 32 == TARGET_PID)
		counts.increment(key, args->offset * 2);
	return 0;
}
EOF
cat >work.lua <<'EOF'
local file = assert(io.open("calls.c"))
file:setvbuf("no")
for _, at in ipairs{3, 1200, 20} do file:seek("set", at) end
EOF
expect 0 "$bpfcc" run sort.c -- lua5.4 work.lua
out_is <<'EOF'
counts:
  {at = 1200, name = "a\"\x1bb"} -> 2400
  {at = 20, name = "a\"\x1bb"}   ->   40
  {at = 3, name = "a\"\x1bb"}    ->    6
EOF

expect 0 "$bpfcc" run --dry-run -p 1 calls.c
out_is <<'EOF'
tracepoint__syscalls__sys_enter_lseek: attached to tracepoint:syscalls:sys_enter_lseek (perf link)
EOF
expect 0 "$bpfcc" run --dry-run -v -p 1 calls.c
sed -i 's/link [0-9]*)/link N)/' .out
out_is <<'EOF'
tracepoint__syscalls__sys_enter_lseek: attached to tracepoint:syscalls:sys_enter_lseek (perf link: the first choice for this hook; link N)
EOF
expect 2 "$bpfcc" run --table nothing -p 1 calls.c
err_is <<'EOF'
bpfcc run: there is no table 'nothing'; see bpfcc run --help
EOF
expect 1 "$bpfcc" run --table counts calls.c -- /no/such/command
err_is <<'EOF'
bpfcc: error: cannot run /no/such/command: No such file or directory
EOF

# An iterator is read at the end, which is at once when there is nothing else.
cat >iter.c <<'EOF'
BPF_ITER(bpf_map)
{
	if (!ctx->map)
		BPF_SEQ_PRINTF(ctx->meta->seq, "that was %s\n", "all");
	return 0;
}
EOF
expect 0 "$bpfcc" run iter.c
out_is <<'EOF'
that was all
EOF

# Where the time went, on standard error, and nothing else there.
echo 'RAW_TRACEPOINT_PROBE(sys_enter) { return 0; }' >timed.c
expect 0 "$bpfcc" run --timings --dry-run timed.c
[ "$(cut -c1-11 .err | tr -s ' \n' ' ')" = "stage compile start expand headers types parse rewrite codegen \
open maps load attach all " ] || fail "the stages are others"
err_has '^  codegen  +[0-9]+\.[0-9]{2}$'
err_has '^load  +[0-9]+\.[0-9]{2}$'
