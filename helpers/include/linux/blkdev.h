/* Block devices, and as in kernels before 5.16 the requests as well: programs rely on it. */
#ifndef BCC_LINUX_BLKDEV_H
#define BCC_LINUX_BLKDEV_H

#include <linux/blk-mq.h>
#include <linux/genhd.h>
#include <linux/fs.h>

#define BDEVNAME_SIZE		32
#define bdev_get_queue(bdev)	((bdev)->bd_disk->queue)

#endif
