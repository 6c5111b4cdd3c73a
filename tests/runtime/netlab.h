/*
 * A laboratory for hooks of the network: this process in a network namespace of its own, a second
 * namespace that a sleeping child holds, two cables between them, and packets of a size that
 * nothing else has.
 *
 *   near (this process)                 far (lab.far)
 *   va 10.77.0.1  fd77::1  -----------  vb 10.77.0.2  fd77::2
 *   vc 10.78.0.1           -----------  vd
 */
#ifndef TESTS_NETLAB_H
#define TESTS_NETLAB_H

#include <arpa/inet.h>
#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/netns.h"

enum { LAB_PAYLOAD = 820 }; /* packets of 848 to 890 bytes, by their headers */

struct lab {
	pid_t far;
};

/* Runs a command of the lab; false when it fails. */
__attribute__((format(printf, 1, 2)))
static inline bool lab_run(const char *fmt, ...)
{
	char command[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(command, sizeof(command), fmt, ap);
	va_end(ap);
	return !system(command);
}

/* The same, and it must work. */
#define lab_must(...) \
	do { \
		if (!lab_run(__VA_ARGS__)) { \
			printf("this failed: " __VA_ARGS__); \
			printf("\n"); \
			exit(1); \
		} \
	} while (0)

static inline pid_t lab_far(void)
{
	int ready[2];
	char byte;
	pid_t pid;

	if (pipe(ready))
		return -1;
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (unshare(CLONE_NEWNET))
			_exit(1);
		(void)!write(ready[1], "", 1);
		for (;;)
			pause();
	}
	close(ready[1]);
	if (read(ready[0], &byte, 1) != 1)
		pid = -1;
	close(ready[0]);
	return pid;
}

/* Ends the test with 77 where there can be no such thing. */
static inline void lab_open(struct lab *lab)
{
	if (unshare(CLONE_NEWNET) || (lab->far = lab_far()) < 0) {
		printf("skipped: no network namespace can be made\n");
		exit(77);
	}
	if (!lab_run("command -v ip tc nsenter >/dev/null")) {
		printf("skipped: ip, tc and nsenter are needed (iproute2, util-linux)\n");
		exit(77);
	}
	if (!lab_run("ip link add va type veth peer name vb netns %d", lab->far)) {
		printf("skipped: the kernel has no veth\n");
		exit(77);
	}
	lab_must("ip link add vc type veth peer name vd netns %d && ip link set lo up && "
		 "ip link set va up && ip link set vc up && ip addr add 10.77.0.1/24 dev va && "
		 "ip addr add 10.78.0.1/24 dev vc && ip addr add fd77::1/64 dev va nodad",
		 lab->far);
	lab_must("nsenter -n -t %d sh -c 'ip link set lo up && ip link set vb up && "
		 "ip link set vd up && ip addr add 10.77.0.2/24 dev vb && "
		 "ip addr add fd77::2/64 dev vb nodad && ip route add default via 10.77.0.1 && "
		 "ip route add fd88::/64 via fd77::1'", lab->far);
	lab_must("echo 1 >/proc/sys/net/ipv4/ip_forward");
}

static inline void lab_close(struct lab *lab)
{
	kill(lab->far, SIGKILL);
	waitpid(lab->far, NULL, 0);
}

/* A pair of another kind, where the kernel has it; ip calls the other end nk0. */
static inline void lab_netkit(struct lab *lab)
{
	lab_run("ip link add nk type netkit 2>/dev/null && ip link set nk0 netns %d && "
		"ip link set nk up && ip addr add 10.79.0.1/24 dev nk && "
		"nsenter -n -t %d sh -c 'ip link set nk0 up && ip addr add 10.79.0.2/24 dev nk0'",
		lab->far, lab->far);
}

/* --- packets --- */

struct sending {
	const char *to;
	int n;
};

/* UDP packets to an address of either family. */
static inline int lab_send_here(void *data)
{
	const struct sending *s = data;
	static const char payload[LAB_PAYLOAD];
	bool v6 = strchr(s->to, ':');
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6, .sin6_port = htons(9999) };
	struct sockaddr_in to4 = { .sin_family = AF_INET, .sin_port = htons(9999) };
	const struct sockaddr *to = v6 ? (void *)&to6 : (void *)&to4;
	int fd = socket(v6 ? AF_INET6 : AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), sent = 0;

	inet_pton(v6 ? AF_INET6 : AF_INET, s->to,
		  v6 ? (void *)&to6.sin6_addr : (void *)&to4.sin_addr);
	for (int i = 0; i < s->n; i++)
		sent += sendto(fd, payload, sizeof(payload), 0, to,
			       v6 ? sizeof(to6) : sizeof(to4)) == sizeof(payload);
	close(fd);
	return sent;
}

/* IPv6 packets from far to the segment fd88::1, and on to fd77::2. */
static inline int lab_send_segments_here(void *data)
{
	const struct sending *s = data;
	static const unsigned char payload[700];
	struct sockaddr_in6 to = { .sin6_family = AF_INET6 };
	unsigned char packet[40 + 40 + 8 + sizeof(payload)] = {
		[0] = 0x60,
		[4] = (sizeof(packet) - 40) >> 8, [5] = (sizeof(packet) - 40) & 0xff,
		[6] = 43 /* routing */, [7] = 64 /* hops */,
		[40] = 17 /* UDP */, 4 /* * 8 bytes behind the first 8 */, 4 /* segments */,
		[43] = 1 /* left */, 1 /* last entry */,
		[80] = 9999 >> 8, 9999 & 0xff, 9999 >> 8, 9999 & 0xff,
		[84] = (8 + sizeof(payload)) >> 8, (8 + sizeof(payload)) & 0xff,
	};
	int fd = socket(AF_INET6, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW), sent = 0;

	inet_pton(AF_INET6, "fd77::2", packet + 8);
	inet_pton(AF_INET6, "fd88::1", packet + 24);
	inet_pton(AF_INET6, "fd77::2", packet + 48);
	inet_pton(AF_INET6, "fd88::1", packet + 64);
	memcpy(&to.sin6_addr, packet + 24, 16);
	for (int i = 0; i < s->n; i++)
		sent += sendto(fd, packet, sizeof(packet), 0, (void *)&to, sizeof(to)) ==
			sizeof(packet);
	close(fd);
	return sent;
}

/* The same in the far namespace. */
static inline int lab_from_far(struct lab *lab, int (*send)(void *), struct sending *s)
{
	char pid[16];
	int fd, n;

	snprintf(pid, sizeof(pid), "%d", lab->far);
	fd = netns_open(pid);
	n = netns_run(fd, send, s);
	close(fd);
	return n;
}

#endif
