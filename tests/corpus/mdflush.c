/* Flushes of software RAID: the disk's name through the bio. */
#include <uapi/linux/ptrace.h>
#include <linux/sched.h>
#include <linux/bio.h>
#include <linux/blkdev.h>

struct flush {
	u32 pid;
	char comm[TASK_COMM_LEN];
	char disk[32];
};

BPF_PERF_OUTPUT(flushes);

int kprobe__md_flush_request(struct pt_regs *ctx, void *mddev, struct bio *bio)
{
	struct flush f = {};

	f.pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(&f.comm, sizeof(f.comm));
	bpf_probe_read_kernel(&f.disk, sizeof(f.disk), bio->bi_bdev->bd_disk->disk_name);
	flushes.perf_submit(ctx, &f, sizeof(f));
	return 0;
}
