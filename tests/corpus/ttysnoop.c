/* What is written to a terminal: a per-CPU buffer, the segments of an iov_iter, a bounded loop. */
#include <uapi/linux/ptrace.h>
#include <linux/fs.h>
#include <linux/uio.h>
#include <linux/tty.h>

#define BUFSIZE 256
#define USER_DATACOUNT 4
#ifndef PTS
#define PTS 0
#endif

struct data_t {
	int count;
	char buf[BUFSIZE];
};

BPF_ARRAY(data_map, struct data_t, 1);
BPF_PERF_OUTPUT(events);

static int do_tty_write(void *ctx, const char __user *buf, size_t count)
{
	int zero = 0;
	struct data_t *data;

	data = data_map.lookup(&zero);
	if (!data)
		return 0;
	for (int i = 0; i < USER_DATACOUNT && count > 0; i++) {
		bool fits = count <= BUFSIZE;

		if (bpf_probe_read_user(&data->buf, BUFSIZE, (void *)buf))
			return 0;
		data->count = fits ? count : BUFSIZE;
		events.perf_submit(ctx, data, sizeof(*data));
		if (fits)
			return 0;
		count -= BUFSIZE;
		buf += BUFSIZE;
	}
	return 0;
}

int kprobe__tty_write(struct pt_regs *ctx, struct kiocb *iocb, struct iov_iter *from)
{
	const char __user *buf = NULL;
	const struct kvec *kvec;
	size_t count = 0;

	if (iocb->ki_filp->f_inode->i_ino != PTS)
		return 0;
	/* one long string, or a list */
	switch (from->iter_type) {
	case ITER_UBUF:
		buf = from->ubuf;
		count = from->count;
		break;
	case ITER_IOVEC:
		kvec = from->kvec;
		buf = kvec->iov_base;
		count = kvec->iov_len;
		break;
	default:
		return 0;
	}
	return do_tty_write(ctx, buf, count);
}
