/* (c) TCP connections by process and parent: follows pointers through task_struct and sock. */
#include <linux/sched.h>
#include <net/sock.h>

struct flow {
	u32 pid, parent;
	u32 saddr, daddr;
	u16 dport, family;
};

BPF_HASH(states, struct flow);

TRACEPOINT_PROBE(sock, inet_sock_set_state)
{
	struct task_struct *task = (struct task_struct *)bpf_get_current_task();
	struct sock *sk = (struct sock *)args->skaddr;
	struct flow key = {};

	key.pid = bpf_get_current_pid_tgid() >> 32;
	key.parent = task->real_parent->tgid;
	key.saddr = sk->__sk_common.skc_rcv_saddr;
	key.daddr = sk->__sk_common.skc_daddr;
	key.dport = sk->__sk_common.skc_dport;
	key.family = sk->__sk_common.skc_family;
	states.increment(key);
	return 0;
}
