/* Events of RDMA connections: addresses out of a struct of addresses, by family. */
#include <linux/in.h>
#include <linux/in6.h>
#include <net/ipv6.h>
#include <linux/socket.h>
#include <uapi/linux/ptrace.h>

/* The module's own structs are not in the kernel's types: as much of them as is needed. */
struct cma_addr {
	struct __kernel_sockaddr_storage src_addr;
	struct __kernel_sockaddr_storage dst_addr;
};

struct cma_route {
	struct cma_addr addr;
};

struct cma_id {
	void *device;
	void *context;
	void *qp;
	void *event_handler;
	struct cma_route route;
};

struct cma_event {
	int event;
	int status;
};

struct ipv4_data_t {
	u64 ts;
	u32 event;
	u32 saddr;
	u32 daddr;
	u16 sport;
	u16 dport;
};
BPF_PERF_OUTPUT(ipv4_events);

struct ipv6_data_t {
	u64 ts;
	u32 event;
	unsigned __int128 saddr;
	unsigned __int128 daddr;
	u16 sport;
	u16 dport;
};
BPF_PERF_OUTPUT(ipv6_events);

int trace_ucma_event_handler(struct pt_regs *ctx, struct cma_id *cm_id, struct cma_event *event)
{
	struct sockaddr_in *sa, *da;
	struct sockaddr_in6 *sa6, *da6;
	u16 family;

	sa = (struct sockaddr_in *)&cm_id->route.addr.src_addr;
	da = (struct sockaddr_in *)&cm_id->route.addr.dst_addr;
	family = cm_id->route.addr.src_addr.ss_family;
	if (family == AF_INET) {
		struct ipv4_data_t ipv4_data = {.ts = bpf_ktime_get_ns()};

		ipv4_data.event = event->event;
		ipv4_data.saddr = sa->sin_addr.s_addr;
		ipv4_data.daddr = da->sin_addr.s_addr;
		ipv4_data.sport = ntohs(sa->sin_port);
		ipv4_data.dport = ntohs(da->sin_port);
		ipv4_events.perf_submit(ctx, &ipv4_data, sizeof(ipv4_data));
	} else {
		struct ipv6_data_t d = {.ts = bpf_ktime_get_ns(), .event = event->event};

		sa6 = (struct sockaddr_in6 *)&cm_id->route.addr.src_addr;
		da6 = (struct sockaddr_in6 *)&cm_id->route.addr.dst_addr;
		bpf_probe_read_kernel(&d.saddr, sizeof(d.saddr), &sa6->sin6_addr.in6_u.u6_addr32);
		bpf_probe_read_kernel(&d.daddr, sizeof(d.daddr), &da6->sin6_addr.in6_u.u6_addr32);
		d.sport = ntohs(sa6->sin6_port);
		d.dport = ntohs(da6->sin6_port);
		ipv6_events.perf_submit(ctx, &d, sizeof(d));
	}
	return 0;
}
