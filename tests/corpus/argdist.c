/* Arguments and results of any function as counts and histograms, as a generator writes it. */
#include <linux/types.h>
#include <uapi/linux/ptrace.h>
#include <net/sock.h>

static inline bool __prefix(char const *ignored, char const *str)
{
	char needle[] = "GET";
	char haystack[sizeof(needle)] = {};

	bpf_probe_read_user(&haystack, sizeof(haystack), (void *)str);
	for (int i = 0; i < sizeof(needle) - 1; ++i) {
		if (needle[i] != haystack[i])
			return false;
	}
	return true;
}
#define STRCMP(a, b) __prefix(a, b)

struct __string_t { char s[80]; };

struct p_c_write_key_t {
	struct __string_t v0;
	int v1;
};
BPF_HASH(p_c_write_hash, struct p_c_write_key_t, u64);
BPF_HASH(__time_map, u32, u64);
BPF_HASH(__entry_size, u32, size_t);
BPF_HISTOGRAM(r_latency_hist, u64);

int p_c_write(struct pt_regs *ctx, int fd, const char *buf, size_t size)
{
	u64 __pid_tgid = bpf_get_current_pid_tgid();
	u32 __pid = __pid_tgid, __tgid = __pid_tgid >> 32;
	u64 __time = bpf_ktime_get_ns();

	if (!(fd == 1 && STRCMP("GET", buf))) return 0;
	struct p_c_write_key_t __key = {};
	if (buf != 0)
		bpf_probe_read_user(&__key.v0.s, sizeof(__key.v0.s), (void *)buf);
	__key.v1 = fd;
	p_c_write_hash.increment(__key);
	__time_map.update(&__pid, &__time);
	__entry_size.update(&__pid, &size);
	return 0;
}

int r_c_write(struct pt_regs *ctx)
{
	u64 __pid_tgid = bpf_get_current_pid_tgid();
	u32 __pid = __pid_tgid;
	u64 *__time = __time_map.lookup(&__pid);
	size_t *__size = __entry_size.lookup(&__pid);

	if (__time == 0 || __size == 0) return 0;
	if (!(PT_REGS_RC(ctx) > 0 && *__size > 10)) return 0;
	r_latency_hist.increment(bpf_log2l(bpf_ktime_get_ns() - *__time));
	__time_map.delete(&__pid);
	__entry_size.delete(&__pid);
	return 0;
}
