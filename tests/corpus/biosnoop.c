/* Each block I/O: who asked for it (kept from the queue's side), where, how large, how long. */
#include <uapi/linux/ptrace.h>
#include <linux/blk-mq.h>
#include <linux/blkdev.h>

struct asker {
	u64 since;
	u32 pid;
	char name[TASK_COMM_LEN];
};

struct start_req {
	u64 ts;
	u64 data_len;
};

struct io {
	u32 pid;
	u64 rwflag;
	u64 delta;
	u64 qdelta;
	u64 sector;
	u64 len;
	dev_t dev;
	u64 ts;
	char disk_name[DISK_NAME_LEN];
	char name[TASK_COMM_LEN];
};

BPF_HASH(started, struct request *, struct start_req);
BPF_HASH(asked, struct request *, struct asker);
BPF_PERF_OUTPUT(ios);

int note_asker(struct pt_regs *ctx, struct request *req)
{
	struct asker a = {};

	if (bpf_get_current_comm(&a.name, sizeof(a.name)) == 0) {
		a.pid = bpf_get_current_pid_tgid() >> 32;
		a.since = bpf_ktime_get_ns();
		asked.update(&req, &a);
	}
	return 0;
}

int note_start(struct pt_regs *ctx, struct request *req)
{
	struct start_req start = {
		.ts = bpf_ktime_get_ns(),
		.data_len = req->__data_len,
	};

	started.update(&req, &start);
	return 0;
}

int note_done(struct pt_regs *ctx, struct request *req)
{
	struct start_req *startp = started.lookup(&req);
	struct asker *a;
	struct io io = {};
	struct gendisk *disk = req->q->disk;
	u64 ts;

	if (startp == 0)
		return 0;
	ts = bpf_ktime_get_ns();
	io.delta = ts - startp->ts;
	io.ts = ts / 1000;
	io.len = startp->data_len;
	a = asked.lookup(&req);
	if (a == 0) {
		io.name[0] = '?';
		io.name[1] = 0;
	} else {
		io.qdelta = startp->ts - a->since;
		io.pid = a->pid;
		__builtin_memcpy(&io.name, a->name, sizeof(io.name));
	}
	io.sector = req->__sector;
	bpf_probe_read_kernel(&io.disk_name, sizeof(io.disk_name), &disk->disk_name);
	io.dev = MKDEV(disk->major, disk->first_minor);
	io.rwflag = !!((req->cmd_flags & REQ_OP_MASK) == REQ_OP_WRITE);
	ios.perf_submit(ctx, &io, sizeof(io));
	started.delete(&req);
	asked.delete(&req);
	return 0;
}
