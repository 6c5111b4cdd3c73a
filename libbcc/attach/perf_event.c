/*
 * Opens perf events and puts programs on them. libbpf makes a perf link where the kernel has them
 * (5.15) and falls back to the ioctl before; both end with the descriptors that the link holds.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "attach/perf_event.h"
#include "context/libbpf.h"

#define SOURCES "/sys/bus/event_source/devices/"

int perf_open(struct perf_event_attr *attr, int pid, int cpu)
{
	int fd;

	attr->size = sizeof(*attr);
	fd = syscall(SYS_perf_event_open, attr, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

int perf_attach(struct hook *h, const struct program_load *load, int fd, struct attachment *out)
{
	LIBBPF_OPTS(bpf_perf_event_opts, opts, .bpf_cookie = h->opts.cookie);
	struct libbpf_call call;
	struct bpf_link *link;
	int err = 0;

	libbpf_enter(&call);
	link = bpf_program__attach_perf_event_opts(load->bp, fd, &opts);
	if (!link)
		err = libbpf_error(-errno);
	libbpf_leave(&call);
	libbpf_call_free(&call);
	if (err) {
		close(fd);
		return err;
	}
	out->links[out->n++] = link;
	out->mechanism = bpf_link__fd(link) == fd ? "perf event" : "perf link";
	return 0;
}

int perf_attach_single(struct hook *h, const struct program_load *load, int fd,
		       struct attachment *out)
{
	int err = attachment_reserve(h, out, 1);

	if (err) {
		close(fd);
		return err;
	}
	err = perf_attach(h, load, fd, out);
	if (!err)
		return 0;
	attachment_destroy(out);
	return hook_failed(h, err, h->opts.cookie && err == -EOPNOTSUPP ?
			   "this kernel has no attach cookies; leave the cookie 0" : NULL);
}

int read_small_file(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n;

	if (fd < 0)
		return -errno;
	do
		n = read(fd, buf, size - 1);
	while (n < 0 && errno == EINTR);
	n = n < 0 ? -errno : n;
	close(fd);
	if (n < 0)
		return n;
	buf[n] = '\0';
	buf[strcspn(buf, "\n")] = '\0';
	return n;
}

int perf_source_type(const char *name)
{
	char path[128], text[32];
	uint64_t type;
	int n;

	snprintf(path, sizeof(path), SOURCES "%s/type", name);
	n = read_small_file(path, text, sizeof(text));
	return n < 0 ? n : hook_parse_number(text, &type) && type <= INT32_MAX ? (int)type : -EINVAL;
}

uint64_t perf_source_return_bit(const char *name)
{
	static const char prefix[] = "config:";
	char path[128], text[32];
	uint64_t bit;

	snprintf(path, sizeof(path), SOURCES "%s/format/retprobe", name);
	if (read_small_file(path, text, sizeof(text)) < 0 ||
	    strncmp(text, prefix, sizeof(prefix) - 1) ||
	    !hook_parse_number(text + sizeof(prefix) - 1, &bit) || bit > 63)
		bit = 0; /* what it has always been */
	return UINT64_C(1) << bit;
}
