/* Frequencies of CPUs, sampled per program: state in global variables, written by two programs. */
#include <uapi/linux/bpf_perf_event.h>
#include <linux/sched.h>

#define MAX_CPU_NR 128
#define MAX_SLOTS 26
#define BUCKET(freq) ((freq) / 200)

struct hkey {
	char comm[TASK_COMM_LEN];
};

struct hist {
	u32 slots[MAX_SLOTS];
};

const volatile bool targ_all = true;
static u32 freqs_mhz[MAX_CPU_NR];
struct hist syswide;
u64 samples, changes;
static struct hist zero;
static const char prefix[] = "kworker";

BPF_HASH(hists, struct hkey, struct hist, 1024);

#define clamp_umax(var, bound) \
	asm volatile("if %0 <= " #bound " goto +1; %0 = " #bound : "+r"(var))

static bool is_kworker(const struct hkey *key)
{
	for (int i = 0; i < (int)sizeof(prefix) - 1; i++)
		if (key->comm[i] != prefix[i])
			return false;
	return true;
}

int do_sample(struct bpf_perf_event_data *ctx)
{
	u32 freq_mhz, pid = bpf_get_current_pid_tgid();
	u64 slot, cpu = bpf_get_smp_processor_id();
	struct hist *hist;
	struct hkey hkey = {};

	samples++;
	if (cpu >= MAX_CPU_NR)
		return 0;
	freq_mhz = freqs_mhz[cpu];
	if (!freq_mhz)
		return 0;
	slot = BUCKET(freq_mhz);
	if (slot >= MAX_SLOTS)
		slot = MAX_SLOTS - 1;
	__sync_fetch_and_add(&syswide.slots[slot], 1);
	if (!pid || !targ_all)
		return 0;
	bpf_get_current_comm(&hkey.comm, sizeof(hkey.comm));
	if (is_kworker(&hkey))
		return 0;
	hist = hists.lookup_or_try_init(&hkey, &zero);
	if (hist)
		__sync_fetch_and_add(&hist->slots[slot], 1);
	return 0;
}

TRACEPOINT_PROBE(power, cpu_frequency)
{
	u32 cpu = args->cpu_id;

	if (cpu >= MAX_CPU_NR)
		return 0;
	freqs_mhz[cpu] = args->state / 1000;
	changes += 1;
	return 0;
}
