// needs: fmod_ret
/* TCP sockets of chosen programs become MPTCP ones: the return value of a function is changed. */
#include <linux/in.h>
#include <linux/sched.h>
#include <linux/socket.h>
#include <uapi/linux/mptcp.h>

struct app_name {
	char name[TASK_COMM_LEN];
};

BPF_HASH(support_apps, struct app_name, u8, 1024);

KMOD_RET(update_socket_protocol, int family, int type, int protocol, int ret)
{
	struct app_name app = {};
	u8 *enabled;

	if (!(family == AF_INET || family == AF_INET6) || type != SOCK_STREAM)
		return ret;
	if (protocol && protocol != IPPROTO_TCP)
		return ret;
	bpf_get_current_comm(app.name, TASK_COMM_LEN);
	enabled = support_apps.lookup(&app);
	if (enabled && *enabled == 1)
		return IPPROTO_MPTCP;
	return ret;
}
