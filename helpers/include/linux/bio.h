/* Block I/O as file systems hand it down. */
#ifndef BCC_LINUX_BIO_H
#define BCC_LINUX_BIO_H

#include <linux/blk_types.h>
#include <linux/kernel.h>

#define BIO_MAX_VECS		256U

#define bio_prio(bio)		((bio)->bi_ioprio)
#define bvec_iter_sectors(iter)	((iter).bi_size >> SECTOR_SHIFT)
#define bvec_iter_end_sector(iter)	((iter).bi_sector + bvec_iter_sectors(iter))
#define bio_sectors(bio)	bvec_iter_sectors((bio)->bi_iter)
#define bio_end_sector(bio)	bvec_iter_end_sector((bio)->bi_iter)
#define bio_data_dir(bio)	(op_is_write(bio_op(bio)) ? WRITE : READ)
#if BCC_KERNEL_CODE >= KERNEL_VERSION(5, 12, 0)
#define bio_dev(bio)		((bio)->bi_bdev->bd_dev)
#endif

#endif
