/*
 * Ways to attach that need a network: tried in a network namespace made for it, on its loopback
 * device. A thread of its own enters the namespace and ends with it, so the caller's never changes.
 */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <pthread.h>
#include <sched.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "feature/feature.h"

#define LOOPBACK 1
#define PROG_TYPE_NETFILTER 32
#define ATTACH_NETFILTER 45
#define ATTACH_TCX_INGRESS 46
#define ATTACH_NETKIT_PRIMARY 54
#define FAMILY_IPV4 2
#define HOOK_LOCAL_OUT 3

struct net_probe {
	int attach_type;
	int result;
};

static int program_for(int attach_type)
{
	switch (attach_type) {
	case BPF_XDP:
		return load_nothing(BPF_PROG_TYPE_XDP, BPF_XDP, 0, 0);
	case BPF_FLOW_DISSECTOR:
		return load_nothing(BPF_PROG_TYPE_FLOW_DISSECTOR, BPF_FLOW_DISSECTOR, 0, 0);
	case ATTACH_NETFILTER:
		return load_nothing(PROG_TYPE_NETFILTER, ATTACH_NETFILTER, 0, 0);
	default:
		return load_nothing(BPF_PROG_TYPE_SCHED_CLS, attach_type, 0, 0);
	}
}

/* A link in this thread's namespace. */
static int try_link(int attach_type)
{
	struct link_attr attr = { .target_fd = LOOPBACK, .attach_type = (uint32_t)attach_type };
	int program = program_for(attach_type), netns = -1, fd;

	if (program < 0)
		return program == -EPERM ? program : -EINVAL;
	attr.prog_fd = (uint32_t)program;
	if (attach_type == BPF_FLOW_DISSECTOR) {
		netns = open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
		attr.target_fd = (uint32_t)netns;
	} else if (attach_type == ATTACH_NETFILTER) {
		attr.target_fd = 0;
		attr.netfilter.family = FAMILY_IPV4;
		attr.netfilter.hook = HOOK_LOCAL_OUT;
		attr.netfilter.priority = -128;
	}
	fd = create_link(&attr);
	close(program);
	if (netns >= 0)
		close(netns);
	return fd;
}

static void *in_namespace(void *data)
{
	struct net_probe *probe = data;
	int fd;

	if (unshare(CLONE_NEWNET)) {
		probe->result = -errno;
		return NULL;
	}
	fd = try_link(probe->attach_type);
	if (fd >= 0)
		close(fd);
	if (fd >= 0)
		probe->result = 1;
	else if (probe->attach_type == ATTACH_NETKIT_PRIMARY && fd == -ENXIO)
		probe->result = 1; /* loopback is no netkit device: who says so knows them */
	else
		probe->result = fd == -EPERM || fd == -EACCES || fd == -ENOMEM ? fd : 0;
	return NULL;
}

int probe_in_netns(struct kernel *k, const struct feature_row *row)
{
	struct net_probe probe = { .attach_type = row->number };
	pthread_t thread;
	int err;

	(void)k;
	err = pthread_create(&thread, NULL, in_namespace, &probe);
	if (err)
		return -err;
	pthread_join(thread, NULL);
	return probe.result;
}
