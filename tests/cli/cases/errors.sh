# What goes wrong is said with its place, its reason and a way out, and with an exit code.

needs_tracing

# A word of the text is wrong.
cat >syntax.c <<'EOF'
BPF_HASH(counts, u32);
int on_call(void *ctx)
{
	u32 key = 1
	counts.increment(key);
	return 0;
}
EOF
expect 5 "$bpfcc" run syntax.c
out_is </dev/null
err_is <<'EOF'
error: expected ';' at end of declaration
  --> syntax.c:4:12
   |
 4 |         u32 key = 1
   |                   ^
EOF

cat >method.c <<'EOF'
BPF_HASH(counts, u32);
TRACEPOINT_PROBE(raw_syscalls, sys_enter)
{
	u32 key = 0;

	counts.lookupp(&key);
	return 0;
}
EOF
expect 5 "$bpfcc" run method.c
err_is <<'EOF'
error: table 'counts' of kind hash has no method 'lookupp'
  --> method.c:6:9
   |
 6 |         counts.lookupp(&key);
   |                ^^^^^^^
   = hint: did you mean 'lookup'? A hash has: lookup, lookup_or_try_init, lookup_or_init, update, insert, delete, increment, atomic_increment
EOF

cat >tracepoint.c <<'EOF'
TRACEPOINT_PROBE(raw_syscalls, sys_entry) { return 0; }
EOF
expect 5 "$bpfcc" run tracepoint.c
err_is <<'EOF'
error: the kernel has no tracepoint raw_syscalls:sys_entry
  --> tracepoint.c:1:32
   |
 1 | TRACEPOINT_PROBE(raw_syscalls, sys_entry) { return 0; }
   |                                ^^^^^^^^^
   = hint: there is raw_syscalls:sys_enter, raw_syscalls:sys_exit
EOF

# The verifier says no.
cat >null.c <<'EOF'
BPF_HASH(counts, u32);
TRACEPOINT_PROBE(raw_syscalls, sys_enter)
{
	u32 key = 0;
	u64 *value = counts.lookup(&key);

	*value += 1;
	return 0;
}
EOF
expect 5 "$bpfcc" run null.c
grep -v '^   = [^h]' .err >lines
mv lines .err
err_is <<'EOF'
error: the kernel rejects program 'tracepoint__raw_syscalls__sys_enter': a pointer that may be NULL is used (R0 invalid mem access 'map_value_or_null')
  --> null.c:7:9
   |
 7 |         *value += 1;
   |                ^
   = hint: check the pointer before using it, e.g. `if (!p) return 0;` after a lookup()
EOF

# Hooks.
cat >hooks.c <<'EOF'
int first(void *ctx) { return 0; }
int second(void *ctx) { return 0; }
EOF
expect 1 "$bpfcc" run hooks.c
err_is <<'EOF'
bpfcc: warning: program 'first' names no hook and is not attached; use --attach first=HOOK
bpfcc: warning: program 'second' names no hook and is not attached; use --attach second=HOOK
bpfcc: error: hooks.c has no program that is attached to anything
EOF
expect 0 "$bpfcc" run --dry-run hooks.c --attach first=raw_tp:sys_enter \
	--attach second=raw_tp:sys_exit
out_is <<'EOF'
first: attached to raw_tp:sys_enter (raw tracepoint link)
second: attached to raw_tp:sys_exit (raw tracepoint link)
EOF
expect 4 "$bpfcc" run hooks.c --attach first=raw_tp:no_such_event
err_has "^error: this kernel has no raw tracepoint 'no_such_event'$"
expect 2 "$bpfcc" run hooks.c --attach first=sys_enter
err_has '^   = hint: hooks are written like tracepoint:CATEGORY:EVENT$'
expect 2 "$bpfcc" run hooks.c --attach frist=raw_tp:sys_enter
err_is <<'EOF'
bpfcc run: --attach: there is no program 'frist', did you mean 'first'; see bpfcc run --help
EOF
expect 2 "$bpfcc" run hooks.c --attach first
err_is <<'EOF'
bpfcc run: --attach 'first' is not FUNCTION=HOOK; see bpfcc run --help
EOF
