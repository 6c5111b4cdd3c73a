/* Requests. Their flags became bits that enumerators number in 6.11. */
#ifndef BCC_LINUX_BLK_MQ_H
#define BCC_LINUX_BLK_MQ_H

#include <linux/bio.h>

#if BCC_KERNEL_CODE >= KERNEL_VERSION(6, 11, 0)
#define RQF_STARTED		(1 << __RQF_STARTED)
#define RQF_FLUSH_SEQ		(1 << __RQF_FLUSH_SEQ)
#define RQF_MIXED_MERGE		(1 << __RQF_MIXED_MERGE)
#define RQF_DONTPREP		(1 << __RQF_DONTPREP)
#define RQF_SCHED_TAGS		(1 << __RQF_SCHED_TAGS)
#define RQF_USE_SCHED		(1 << __RQF_USE_SCHED)
#define RQF_FAILED		(1 << __RQF_FAILED)
#define RQF_QUIET		(1 << __RQF_QUIET)
#define RQF_IO_STAT		(1 << __RQF_IO_STAT)
#define RQF_PM			(1 << __RQF_PM)
#define RQF_HASHED		(1 << __RQF_HASHED)
#define RQF_STATS		(1 << __RQF_STATS)
#define RQF_SPECIAL_PAYLOAD	(1 << __RQF_SPECIAL_PAYLOAD)
#define RQF_TIMED_OUT		(1 << __RQF_TIMED_OUT)
#define RQF_RESV		(1 << __RQF_RESV)
#else
#define RQF_STARTED		0x2
#define RQF_FLUSH_SEQ		0x10
#define RQF_MIXED_MERGE		0x20
#define RQF_DONTPREP		0x80
#define RQF_FAILED		0x400
#define RQF_QUIET		0x800
#define RQF_IO_STAT		0x2000
#define RQF_PM			0x8000
#define RQF_HASHED		0x10000
#define RQF_STATS		0x20000
#define RQF_SPECIAL_PAYLOAD	0x40000
#define RQF_TIMED_OUT		0x200000
#endif

#define req_op(req)		((req)->cmd_flags & REQ_OP_MASK)
#define rq_data_dir(rq)		(op_is_write(req_op(rq)) ? WRITE : READ)
#define rq_is_sync(rq)		op_is_sync((rq)->cmd_flags)
#define blk_rq_pos(rq)		((rq)->__sector)
#define blk_rq_bytes(rq)	((rq)->__data_len)
#define blk_rq_sectors(rq)	(blk_rq_bytes(rq) >> SECTOR_SHIFT)
#define blk_op_is_passthrough(op)	((op) == REQ_OP_DRV_IN || (op) == REQ_OP_DRV_OUT)
#define blk_rq_is_passthrough(rq)	blk_op_is_passthrough(req_op(rq))

#endif
