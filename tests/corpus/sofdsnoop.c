/* Descriptors that travel over unix sockets: the array of files in the control message. */
#include <uapi/linux/ptrace.h>
#include <linux/sched.h>
#include <linux/socket.h>
#include <linux/net.h>
#include <linux/file.h>
#include <net/sock.h>
#include <net/scm.h>

#define MAX_FD 10
#define ACTION_SEND 0
#define ACTION_RECV 1

struct val_t {
	u64 id;
	u64 ts;
	int action;
	int sock_fd;
	int fd_cnt;
	int fd[MAX_FD];
	char comm[TASK_COMM_LEN];
};

BPF_HASH(detach_ptr, u64, struct cmsghdr *);
BPF_HASH(sock_fd, u64, int);
BPF_PERF_OUTPUT(events);

static void set_fd(int fd)
{
	u64 id = bpf_get_current_pid_tgid();

	sock_fd.update(&id, &fd);
}

static int get_fd(void)
{
	u64 id = bpf_get_current_pid_tgid();
	int *fd = sock_fd.lookup(&id);

	return fd ? *fd : -1;
}

static void put_fd(void)
{
	u64 id = bpf_get_current_pid_tgid();

	sock_fd.delete(&id);
}

static int send_fds(struct pt_regs *ctx, struct cmsghdr *cmsg, int action)
{
	struct val_t val = {.id = bpf_get_current_pid_tgid(), .ts = bpf_ktime_get_ns()};
	int *fds = (int *)((char *)cmsg + sizeof(struct cmsghdr));
	int n;

	if (cmsg->cmsg_level != SOL_SOCKET || cmsg->cmsg_type != SCM_RIGHTS)
		return 0;
	n = (cmsg->cmsg_len - sizeof(struct cmsghdr)) / sizeof(int);
	val.action = action;
	val.sock_fd = get_fd();
	val.fd_cnt = n;
	bpf_get_current_comm(&val.comm, sizeof(val.comm));
#pragma unroll
	for (int i = 0; i < MAX_FD; i++) {
		if (i < n)
			val.fd[i] = fds[i];
	}
	events.perf_submit(ctx, &val, sizeof(val));
	return 0;
}

int trace_scm_send_entry(struct pt_regs *ctx, struct socket *sock, struct msghdr *hdr)
{
	struct cmsghdr *cmsg = NULL;

	if (!hdr->msg_controllen || sock->type != SOCK_STREAM)
		return 0;
	bpf_probe_read_kernel(&cmsg, sizeof(cmsg), &hdr->msg_control);
	if (!cmsg)
		return 0;
	return send_fds(ctx, hdr->msg_control, ACTION_SEND);
}

int trace_scm_detach_fds_entry(struct pt_regs *ctx, struct msghdr *hdr)
{
	struct cmsghdr *cmsg = hdr->msg_control;
	u64 id = bpf_get_current_pid_tgid();

	detach_ptr.update(&id, &cmsg);
	return 0;
}

int trace_scm_detach_fds_return(struct pt_regs *ctx)
{
	u64 id = bpf_get_current_pid_tgid();
	struct cmsghdr **cmsgp = detach_ptr.lookup(&id);

	if (!cmsgp)
		return 0;
	send_fds(ctx, *cmsgp, ACTION_RECV);
	detach_ptr.delete(&id);
	return 0;
}

int syscall__sendmsg(struct pt_regs *ctx, u64 fd, u64 msg, u64 flags)
{
	set_fd(fd);
	return 0;
}

int trace_sendmsg_return(struct pt_regs *ctx)
{
	put_fd();
	return 0;
}
