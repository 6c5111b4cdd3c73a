/* Active TCP connections, IPv4 and IPv6: socket at the entry, addresses at a good return. */
#include <uapi/linux/ptrace.h>
#include <net/sock.h>
#include <bcc/proto.h>

struct ipv4_data {
	u64 ts_us;
	u32 pid;
	u32 uid;
	u32 saddr;
	u32 daddr;
	u64 ip;
	u16 lport;
	u16 dport;
	char task[TASK_COMM_LEN];
};

struct ipv6_data {
	u64 ts_us;
	u32 pid;
	u32 uid;
	unsigned __int128 saddr;
	unsigned __int128 daddr;
	u64 ip;
	u16 lport;
	u16 dport;
	char task[TASK_COMM_LEN];
};

struct flow4 {
	u32 saddr;
	u32 daddr;
	u16 dport;
};

BPF_HASH(current_sock, u32, struct sock *);
BPF_PERF_OUTPUT(ipv4_events);
BPF_PERF_OUTPUT(ipv6_events);
BPF_HASH(ipv4_count, struct flow4, u64, 256);

int connect_entry(struct pt_regs *ctx, struct sock *sk)
{
	u32 tid = bpf_get_current_pid_tgid();

	current_sock.update(&tid, &sk);
	return 0;
}

static int connect_return(struct pt_regs *ctx, short ipver)
{
	int ret = PT_REGS_RC(ctx);
	u64 pid_tgid = bpf_get_current_pid_tgid();
	u32 tid = pid_tgid;
	struct sock **skpp;

	skpp = current_sock.lookup(&tid);
	if (skpp == 0)
		return 0;
	if (ret != 0) {
		current_sock.delete(&tid);
		return 0; /* failed before a SYN was sent */
	}

	struct sock *skp = *skpp;
	u16 lport = skp->__sk_common.skc_num;
	u16 dport = skp->__sk_common.skc_dport;

	if (ipver == 4) {
		struct ipv4_data d4 = {.pid = pid_tgid >> 32, .ip = ipver};
		struct flow4 flow = {};

		d4.uid = bpf_get_current_uid_gid();
		d4.ts_us = bpf_ktime_get_ns() / 1000;
		d4.saddr = skp->__sk_common.skc_rcv_saddr;
		d4.daddr = skp->__sk_common.skc_daddr;
		d4.lport = lport;
		d4.dport = ntohs(dport);
		bpf_get_current_comm(&d4.task, sizeof(d4.task));
		ipv4_events.perf_submit(ctx, &d4, sizeof(d4));
		flow.saddr = skp->sk_rcv_saddr;
		flow.daddr = skp->sk_daddr;
		flow.dport = ntohs(skp->sk_dport);
		ipv4_count.increment(flow);
	} else {
		struct ipv6_data d6 = {.pid = pid_tgid >> 32, .ip = ipver};

		d6.uid = bpf_get_current_uid_gid();
		d6.ts_us = bpf_ktime_get_ns() / 1000;
		bpf_probe_read_kernel(&d6.saddr, sizeof(d6.saddr),
				      skp->__sk_common.skc_v6_rcv_saddr.in6_u.u6_addr32);
		bpf_probe_read_kernel(&d6.daddr, sizeof(d6.daddr),
				      skp->__sk_common.skc_v6_daddr.in6_u.u6_addr32);
		d6.lport = lport;
		d6.dport = ntohs(dport);
		bpf_get_current_comm(&d6.task, sizeof(d6.task));
		ipv6_events.perf_submit(ctx, &d6, sizeof(d6));
	}
	current_sock.delete(&tid);
	return 0;
}

int connect_v4_return(struct pt_regs *ctx)
{
	return connect_return(ctx, 4);
}

int connect_v6_return(struct pt_regs *ctx)
{
	return connect_return(ctx, 6);
}
