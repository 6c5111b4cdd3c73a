/*
 * Block layer: sectors, results, and the flags of an operation. The bits' numbers are enumerators
 * of the kernel that the program is built for, so the flags follow a kernel that moves them.
 */
#ifndef BCC_LINUX_BLK_TYPES_H
#define BCC_LINUX_BLK_TYPES_H

#include <asm/page.h>
#include <linux/version.h>

#define SECTOR_SHIFT		9
#define SECTOR_SIZE		(1 << SECTOR_SHIFT)
#define PAGE_SECTORS_SHIFT	(PAGE_SHIFT - SECTOR_SHIFT)
#define PAGE_SECTORS		(1 << PAGE_SECTORS_SHIFT)
#define SECTOR_MASK		(PAGE_SECTORS - 1)

/* blk_status_t */
#define BLK_STS_OK		0
#define BLK_STS_NOTSUPP		1
#define BLK_STS_TIMEOUT		2
#define BLK_STS_NOSPC		3
#define BLK_STS_TRANSPORT	4
#define BLK_STS_TARGET		5
#define BLK_STS_NEXUS		6
#define BLK_STS_MEDIUM		7
#define BLK_STS_PROTECTION	8
#define BLK_STS_RESOURCE	9
#define BLK_STS_IOERR		10
#define BLK_STS_DM_REQUEUE	11
#define BLK_STS_AGAIN		12

#define BLK_STS_RESV_CONFLICT	BLK_STS_NEXUS

/* Operations and flags. */
#define REQ_OP_BITS		8
#define REQ_OP_MASK		((1 << REQ_OP_BITS) - 1)
#define REQ_FLAG_BITS		24

#define REQ_FAILFAST_DEV	(1ULL << __REQ_FAILFAST_DEV)
#define REQ_FAILFAST_TRANSPORT	(1ULL << __REQ_FAILFAST_TRANSPORT)
#define REQ_FAILFAST_DRIVER	(1ULL << __REQ_FAILFAST_DRIVER)
#define REQ_FAILFAST_MASK \
	(REQ_FAILFAST_DEV | REQ_FAILFAST_TRANSPORT | REQ_FAILFAST_DRIVER)
#define REQ_SYNC		(1ULL << __REQ_SYNC)
#define REQ_META		(1ULL << __REQ_META)
#define REQ_PRIO		(1ULL << __REQ_PRIO)
#define REQ_NOMERGE		(1ULL << __REQ_NOMERGE)
#define REQ_IDLE		(1ULL << __REQ_IDLE)
#define REQ_INTEGRITY		(1ULL << __REQ_INTEGRITY)
#define REQ_FUA			(1ULL << __REQ_FUA)
#define REQ_PREFLUSH		(1ULL << __REQ_PREFLUSH)
#define REQ_RAHEAD		(1ULL << __REQ_RAHEAD)
#define REQ_BACKGROUND		(1ULL << __REQ_BACKGROUND)
#define REQ_NOWAIT		(1ULL << __REQ_NOWAIT)
#define REQ_CGROUP_PUNT		(1ULL << __REQ_CGROUP_PUNT)
#define REQ_NOUNMAP		(1ULL << __REQ_NOUNMAP)
#if BCC_KERNEL_CODE >= KERNEL_VERSION(5, 16, 0)
#define REQ_POLLED		(1ULL << __REQ_POLLED)
#else
#define REQ_HIPRI		(1ULL << __REQ_HIPRI)
#endif
#define REQ_ALLOC_CACHE		(1ULL << __REQ_ALLOC_CACHE)
#define REQ_ATOMIC		(1ULL << __REQ_ATOMIC)
#define REQ_DRV			(1ULL << __REQ_DRV)
#define REQ_SWAP		(1ULL << __REQ_SWAP)
#define REQ_FS_PRIVATE		(1ULL << __REQ_FS_PRIVATE)

#define bio_op(bio)		((bio)->bi_opf & REQ_OP_MASK)
#define op_is_write(op)		(!!((op) & 1))
#define op_is_flush(op)		(!!((op) & (REQ_FUA | REQ_PREFLUSH)))
#define op_is_sync(op) \
	(((op) & REQ_OP_MASK) == REQ_OP_READ || ((op) & (REQ_SYNC | REQ_FUA | REQ_PREFLUSH)))
#define op_is_discard(op)	(((op) & REQ_OP_MASK) == REQ_OP_DISCARD)

#endif
