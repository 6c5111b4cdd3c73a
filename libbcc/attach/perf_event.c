/*
 * Opens perf events and puts programs on them: with a perf link where the kernel has them (5.15),
 * with an ioctl before. Either way the hook ends with the descriptors.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "attach/perf_event.h"

#define SOURCES "/sys/bus/event_source/devices/"

int perf_open(struct perf_event_attr *attr, int pid, int cpu)
{
	int fd;

	attr->size = sizeof(*attr);
	fd = syscall(SYS_perf_event_open, attr, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC);
	return fd < 0 ? -errno : fd;
}

/* Whether the failed creation of a link means that this kernel has no perf links. */
static bool no_links(int err)
{
	return err == -EINVAL || err == -EOPNOTSUPP;
}

int perf_attach(struct hook *h, const struct program_load *load, int fd, struct attachment *out)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .perf_event.bpf_cookie = h->opts.cookie);
	int link = bpf_link_create(load->fd, fd, BPF_PERF_EVENT, &opts);

	if (link >= 0) {
		out->fds[out->n++] = fd;
		out->fds[out->n++] = link;
		out->mechanism = "perf link";
		return 0;
	}
	if (no_links(link) && !h->opts.cookie) {
		link = ioctl(fd, PERF_EVENT_IOC_SET_BPF, load->fd) ? -errno : 0;
		if (!link) {
			out->fds[out->n++] = fd;
			out->mechanism = "perf event";
			attachment_why(out, "Linux before 5.15 has no perf links");
			return 0;
		}
	}
	close(fd);
	return link;
}

int perf_attach_single(struct hook *h, const struct program_load *load, int fd,
		       struct attachment *out)
{
	int err = attachment_reserve(h, out, PERF_FDS);

	if (err) {
		close(fd);
		return err;
	}
	err = perf_attach(h, load, fd, out);
	if (!err)
		return 0;
	attachment_destroy(out);
	return hook_failed(h, err, h->opts.cookie && no_links(err) ?
			   "this kernel may have no attach cookies; try without" : NULL);
}

int perf_attach_many(struct hook *h, const struct program_load *load, struct perf_many *many,
		     struct attachment *out)
{
	int fd, last = 0, err = attachment_reserve(h, out, many->n * PERF_FDS);

	if (err)
		return err;
	for (size_t i = 0; i < many->n && !err; i++) {
		fd = many->open(h, many->data, i);
		err = fd < 0 ? fd : perf_attach(h, load, fd, out);
		if (err && many->skip && many->skip(err)) {
			last = err;
			many->skipped++;
			err = 0;
		}
	}
	if (!err && !out->n)
		err = last;
	if (!err)
		return 0;
	attachment_destroy(out);
	return hook_failed(h, err, NULL);
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
	if (n < 0)
		return n;
	return hook_parse_number(text, &type) && type <= INT32_MAX ? (int)type : -EINVAL;
}

int perf_source_bit(const char *source, const char *format)
{
	static const char prefix[] = "config:";
	char path[128], text[32];
	uint64_t bit;
	int n;

	snprintf(path, sizeof(path), SOURCES "%s/format/%s", source, format);
	n = read_small_file(path, text, sizeof(text));
	if (n < 0)
		return n;
	text[strcspn(text, "-")] = '\0'; /* the last bit of more than one */
	if (strncmp(text, prefix, sizeof(prefix) - 1) ||
	    !hook_parse_number(text + sizeof(prefix) - 1, &bit) || bit > 63)
		return -EINVAL;
	return (int)bit;
}

uint64_t perf_source_return_bit(const char *name)
{
	int bit = perf_source_bit(name, "retprobe");

	return UINT64_C(1) << (bit < 0 ? 0 : bit); /* 0 is what it has always been */
}
