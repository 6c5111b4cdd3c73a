# What ends a run: time, signals, the command, a reader that goes away. Data up to then is shown.

needs_tracing
cat >calls.c <<'EOF'
BPF_ARRAY(calls, u64, 1);
BPF_PERF_OUTPUT(events);
TRACEPOINT_PROBE(raw_syscalls, sys_enter)
{
	u32 pid = bpf_get_current_pid_tgid() >> 32;

	if (pid == OURS) {
		calls.increment(0);
		events.perf_submit(args, &pid, sizeof(pid));
	}
	return 0;
}
EOF
shown() {
	grep -Eq '^  0 -> [0-9]+$' "$1" || fail "no table after $2"
}

expect 0 "$bpfcc" run -DOURS=$$ -d 0.2 calls.c
err_is </dev/null
out_has '^calls: no entries$'

for signal in INT TERM; do
	sh -c 'while :; do kill -0 $$; sleep 0.05; done' &
	worker=$!
	"$bpfcc" run -DOURS=$worker calls.c >shown &
	pid=$!
	for _ in $(seq 100); do
		[ -s shown ] && break
		sleep 0.1
	done
	kill -$signal $pid
	code=0
	wait $pid || code=$?
	kill $worker
	wait $worker 2>/dev/null || true
	[ $code = 0 ] || fail "exit code $code after SIG$signal"
	shown shown SIG$signal
done

# The command dies with us, and we with it.
expect 0 "$bpfcc" run -DOURS=TARGET_PID -d 0.3 calls.c -- sleep 100.25
shown .out "the time"
for _ in $(seq 30); do
	pgrep -f 'sleep 100.25' >/dev/null || break
	sleep 0.1
done
! pgrep -f 'sleep 100.25' >/dev/null || fail "the command outlives the run"

# A closed pipe ends it without a word.
"$bpfcc" run -DOURS=TARGET_PID calls.c -- sh -c 'while :; do kill -0 $$; done' 2>.err |
	head -1 >.out || true
err_is </dev/null
out_has '^events: [0-9]+$'

# The second signal ends it even where the first cannot be heard: in a write that nobody reads.
mkfifo pipe
sleep 100 <pipe &
reader=$!
"$bpfcc" run -DOURS=TARGET_PID calls.c -- sh -c 'while :; do kill -0 $$; done' >pipe 2>/dev/null &
pid=$!
for _ in $(seq 100); do
	[ "$(cut -d' ' -f3 /proc/$pid/stat)" = S ] && grep -q pipe_write /proc/$pid/wchan && break
	sleep 0.1
done
kill -INT $pid
sleep 0.2
kill -INT $pid
code=0
wait $pid || code=$?
kill $reader
wait $reader 2>/dev/null || true
[ $code = 130 ] || fail "exit code $code after the second SIGINT"
