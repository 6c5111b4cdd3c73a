/* bind(): options of the socket out of bit-fields and flags, the address of either family. */
#include <uapi/linux/ptrace.h>
#include <net/sock.h>
#include <net/inet_sock.h>
#include <net/net_namespace.h>
#include <bcc/proto.h>

BPF_HASH(currsock, u32, struct socket *);

union bind_options {
	u8 data;
	struct {
		u8 freebind : 1;
		u8 transparent : 1;
		u8 bind_address_no_port : 1;
		u8 reuseaddress : 1;
		u8 reuseport : 1;
	} fields;
};

struct bind_event {
	u64 ts_us;
	u32 pid;
	u32 uid;
	u64 ip;
	u32 bound_dev_if;
	int return_code;
	u16 sport;
	u8 socket_options;
	u8 protocol;
	u8 saddr[16];
	char task[TASK_COMM_LEN];
};

BPF_PERF_OUTPUT(binds);

int bindsnoop_entry(struct pt_regs *ctx, struct socket *socket)
{
	u32 tid = bpf_get_current_pid_tgid();

	currsock.update(&tid, &socket);
	return 0;
}

static int bindsnoop_return(struct pt_regs *ctx, short ipver)
{
	int ret = PT_REGS_RC(ctx);
	u64 pid_tgid = bpf_get_current_pid_tgid();
	u32 tid = pid_tgid;
	struct socket **skpp;
	union bind_options opts = {0};
	struct bind_event evt = {.ip = ipver};

	skpp = currsock.lookup(&tid);
	if (skpp == 0)
		return 0;

	struct socket *skp_ = *skpp;
	struct sock *skp = skp_->sk;
	struct inet_sock *sockp = (struct inet_sock *)skp;

	evt.sport = ntohs(sockp->inet_sport);
	if (ret != 0 && ret != -EADDRINUSE)
		goto out;
	opts.fields.freebind = sockp->inet_flags >> INET_FLAGS_FREEBIND & 0x01;
	opts.fields.transparent = sockp->inet_flags >> INET_FLAGS_TRANSPARENT & 0x01;
	opts.fields.bind_address_no_port =
		sockp->inet_flags >> INET_FLAGS_BIND_ADDRESS_NO_PORT & 0x01;
	/* these two are bit-fields */
	opts.fields.reuseaddress = skp->__sk_common.skc_reuse;
	opts.fields.reuseport = skp->sk_reuseport;

	evt.ts_us = bpf_ktime_get_ns() / 1000;
	evt.pid = pid_tgid >> 32;
	evt.uid = bpf_get_current_uid_gid();
	evt.return_code = ret;
	evt.socket_options = opts.data;
	evt.protocol = skp->sk_protocol;
	evt.bound_dev_if = skp->__sk_common.skc_bound_dev_if;
	if (ipver == 4)
		bpf_probe_read_kernel(&evt.saddr, 4, &sockp->inet_saddr);
	else
		bpf_probe_read_kernel(&evt.saddr, 16,
				      skp->__sk_common.skc_v6_rcv_saddr.in6_u.u6_addr32);
	bpf_get_current_comm(&evt.task, sizeof(evt.task));
	binds.perf_submit(ctx, &evt, sizeof(evt));
out:
	currsock.delete(&tid);
	return 0;
}

int bindsnoop_v4_return(struct pt_regs *ctx) { return bindsnoop_return(ctx, 4); }
int bindsnoop_v6_return(struct pt_regs *ctx) { return bindsnoop_return(ctx, 6); }
