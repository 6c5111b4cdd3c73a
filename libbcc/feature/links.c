/*
 * Ways to attach that need no device. What is attached to is the kernel's own for tests
 * (bpf_fentry_test1, the tracepoint of test runs), a file in memory, a perf event of this thread; or
 * nothing: a target that is not there, which a kernel looks at only when it knows the way.
 */
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "attach/perf_event.h"
#include "feature/feature.h"
#include "kernel/internal.h"

#define TEST_FUNCTION "bpf_fentry_test1"
#define TEST_FMOD_RET "bpf_modify_return_test"
#define TEST_TRACEPOINT "bpf_test_finish"

int create_link(const struct link_attr *attr)
{
	long fd = syscall(SYS_bpf, BPF_LINK_CREATE, attr, sizeof(*attr));

	return fd < 0 ? -errno : (int)fd;
}

/* A descriptor that was only wanted to see that it can be had; yes, or what stood in the way. */
static int had(int fd)
{
	if (fd >= 0)
		close(fd);
	return fd >= 0 ? 1 : fd == -EPERM || fd == -EACCES || fd == -ENOMEM || fd == -EMFILE ? fd : 0;
}

/* Links the program, which it closes. */
static int link_and_close(int program, struct link_attr *attr)
{
	int fd;

	if (program < 0)
		return program;
	attr->prog_fd = (uint32_t)program;
	fd = create_link(attr);
	close(program);
	return fd;
}

int probe_perf_link(struct kernel *k, const struct feature_row *row)
{
	struct perf_event_attr event = {
		.type = PERF_TYPE_SOFTWARE, .config = PERF_COUNT_SW_DUMMY, .disabled = 1,
		.sample_period = 1,
	};
	struct link_attr attr = { .attach_type = BPF_PERF_EVENT };
	int fd, link;

	(void)k;
	(void)row;
	fd = perf_open(&event, 0, -1);
	if (fd < 0)
		return had(fd);
	attr.target_fd = (uint32_t)fd;
	link = link_and_close(load_nothing(BPF_PROG_TYPE_PERF_EVENT, 0, 0, 0), &attr);
	close(fd);
	return had(link);
}

int probe_kprobe(struct kernel *k, const struct feature_row *row)
{
	struct perf_event_attr event = { .disabled = 1 };
	int type = perf_source_type("kprobe");

	(void)k;
	(void)row;
	if (type < 0)
		return type == -ENOENT ? 0 : type;
	event.type = (uint32_t)type;
	event.kprobe_func = (uintptr_t)TEST_FUNCTION;
	return had(perf_open(&event, -1, 0));
}

int probe_kprobe_multi(struct kernel *k, const struct feature_row *row)
{
	const char *symbols[] = { TEST_FUNCTION };
	struct link_attr attr = { .attach_type = (uint32_t)row->number };

	(void)k;
	attr.kprobe_multi.count = 1;
	attr.kprobe_multi.symbols = (uintptr_t)symbols;
	return had(link_and_close(load_nothing(BPF_PROG_TYPE_KPROBE, row->number, 0, 0), &attr));
}

/* The probe is in a file that nobody runs and that is gone with its descriptor. */
int probe_uprobe(struct kernel *k, const struct feature_row *row)
{
	struct perf_event_attr event = { .disabled = 1 };
	int type = perf_source_type("uprobe"), file, result = -ENOMEM;
	static const unsigned char code[64] = { 0x90, 0x90, 0x90, 0x90 };
	char path[32];

	(void)k;
	(void)row;
	if (type < 0)
		return type == -ENOENT ? 0 : type;
	file = memfd_create("bcc-probe", MFD_CLOEXEC);
	if (file < 0)
		return -errno;
	if (write(file, code, sizeof(code)) == sizeof(code)) {
		snprintf(path, sizeof(path), "/proc/self/fd/%d", file);
		event.type = (uint32_t)type;
		event.uprobe_path = (uintptr_t)path;
		result = had(perf_open(&event, -1, 0));
	}
	close(file);
	return result;
}

/* Nobody puts a probe into a directory: a kernel that looks at the path knows the rest. */
int probe_uprobe_multi(struct kernel *k, const struct feature_row *row)
{
	static const uint64_t nowhere;
	struct link_attr attr = { .attach_type = (uint32_t)row->number };
	int err;

	(void)k;
	attr.uprobe_multi.path = (uintptr_t)"/";
	attr.uprobe_multi.offsets = (uintptr_t)&nowhere;
	attr.uprobe_multi.count = 1;
	err = link_and_close(load_nothing(BPF_PROG_TYPE_KPROBE, row->number, 0, 0), &attr);
	return err == -EBADF ? 1 : had(err);
}

int probe_raw_tp(struct kernel *k, const struct feature_row *row)
{
	int program = load_nothing(BPF_PROG_TYPE_RAW_TRACEPOINT, 0, 0, 0), fd = program;

	(void)k;
	(void)row;
	if (program >= 0) {
		fd = bpf_raw_tracepoint_open(TEST_TRACEPOINT, program);
		close(program);
	}
	return had(fd);
}

int probe_trampoline(struct kernel *k, const struct feature_row *row)
{
	const struct kbtf *btf;
	uint32_t id;
	int fd, program;

	if (row->number == BPF_TRACE_RAW_TP)
		id = kernel_btf(k, &btf) ? 0 :
		     kbtf_find(btf, BTF_KIND_TYPEDEF, "btf_trace_" TEST_TRACEPOINT);
	else
		id = kernel_find_function(k, row->number == BPF_MODIFY_RETURN ? TEST_FMOD_RET :
					  TEST_FUNCTION);
	if (!id)
		return 0;
	program = fd = load_nothing(BPF_PROG_TYPE_TRACING, row->number, id, 0);
	if (program >= 0) {
		fd = bpf_raw_tracepoint_open(NULL, program);
		close(program);
	}
	/* The test function may be left out of those whose result can be changed, the hooks of
	 * security never are: a program for one is loaded and not attached. */
	if (fd < 0 && row->number == BPF_MODIFY_RETURN) {
		id = kernel_find_function(k, "security_file_open");
		if (id)
			fd = load_nothing(BPF_PROG_TYPE_TRACING, row->number, id, 0);
	}
	return had(fd);
}

int probe_iterator(struct kernel *k, const struct feature_row *row)
{
	struct link_attr attr = { .attach_type = (uint32_t)row->number };
	uint32_t id = kernel_find_function(k, "bpf_iter_bpf_map");

	if (!id)
		return 0;
	return had(link_and_close(load_nothing(BPF_PROG_TYPE_TRACING, row->number, id, 0), &attr));
}

/* A hook of the machine's is nothing to try on: whether the kernel calls BPF from them is in the list
 * of its security modules, and whether it takes a program for one is tried without attaching it. */
int probe_lsm(struct kernel *k, const struct feature_row *row)
{
	uint32_t id = kernel_find_function(k, "bpf_lsm_file_open");
	int loads;

	if (!id)
		return 0;
	loads = had(load_nothing(BPF_PROG_TYPE_LSM, row->number, id, 0));
	if (loads != 1)
		return loads;
	return kernel_runs_lsm_programs();
}

/* Links whose target is a descriptor: -1 is none, which is known only to who asks for it. */
int probe_bad_target(struct kernel *k, const struct feature_row *row)
{
	struct link_attr attr = { .target_fd = (uint32_t)-1, .attach_type = (uint32_t)row->number };
	int program = -1, err;

	switch (row->number) {
	case BPF_CGROUP_INET_INGRESS:
		program = load_nothing(BPF_PROG_TYPE_CGROUP_SKB, row->number, 0, 0);
		break;
	case BPF_SK_MSG_VERDICT:
		program = load_nothing(BPF_PROG_TYPE_SK_MSG, row->number, 0, 0);
		break;
	case BPF_LSM_CGROUP:
		program = load_nothing(BPF_PROG_TYPE_LSM, row->number,
				       kernel_find_function(k, "bpf_lsm_socket_bind"), 0);
		break;
	}
	if (program < 0)
		return had(program);
	err = link_and_close(program, &attr);
	return err == -EBADF ? 1 : had(err);
}
