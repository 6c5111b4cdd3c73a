/* Calls of methods by class and name, and of system calls beside them: keys with two strings. */
#include <linux/ptrace.h>

#define MAX_STRING_LENGTH 80

struct method_t {
	char clazz[MAX_STRING_LENGTH];
	char method[MAX_STRING_LENGTH];
};

struct entry_t {
	u64 pid;
	struct method_t method;
};

struct info_t {
	u64 num_calls;
	u64 total_ns;
};

struct syscall_entry_t {
	u64 timestamp;
	u64 id;
};

BPF_HASH(times, struct method_t, struct info_t);
BPF_HASH(entry, struct entry_t, u64);
BPF_HASH(systimes, u64, struct info_t);
BPF_HASH(sysentry, u64, struct syscall_entry_t);

int trace_entry(struct pt_regs *ctx, char *clazz, char *method)
{
	u64 timestamp = bpf_ktime_get_ns();
	struct entry_t data = {0};

	data.pid = bpf_get_current_pid_tgid();
	bpf_probe_read_user(&data.method.clazz, sizeof(data.method.clazz), (void *)clazz);
	bpf_probe_read_user(&data.method.method, sizeof(data.method.method), (void *)method);
	entry.update(&data, &timestamp);
	return 0;
}

int trace_return(struct pt_regs *ctx, char *clazz, char *method)
{
	u64 *entry_timestamp, zero_ns = bpf_ktime_get_ns();
	struct info_t *info, zero = {};
	struct entry_t data = {};

	data.pid = bpf_get_current_pid_tgid();
	bpf_probe_read_user(&data.method.clazz, sizeof(data.method.clazz), (void *)clazz);
	bpf_probe_read_user(&data.method.method, sizeof(data.method.method), (void *)method);
	entry_timestamp = entry.lookup(&data);
	if (!entry_timestamp)
		return 0; /* its entry was missed */
	info = times.lookup_or_init(&data.method, &zero);
	info->num_calls += 1;
	info->total_ns += zero_ns - *entry_timestamp;
	entry.delete(&data);
	return 0;
}

TRACEPOINT_PROBE(raw_syscalls, sys_enter)
{
	u64 pid = bpf_get_current_pid_tgid();
	struct syscall_entry_t data = {.timestamp = bpf_ktime_get_ns(), .id = args->id};

	sysentry.update(&pid, &data);
	return 0;
}

TRACEPOINT_PROBE(raw_syscalls, sys_exit)
{
	struct syscall_entry_t *e;
	struct info_t *info, zero = {};
	u64 pid = bpf_get_current_pid_tgid(), id;

	e = sysentry.lookup(&pid);
	if (!e)
		return 0;
	id = e->id;
	info = systimes.lookup_or_init(&id, &zero);
	info->num_calls += 1;
	info->total_ns += bpf_ktime_get_ns() - e->timestamp;
	sysentry.delete(&pid);
	return 0;
}
