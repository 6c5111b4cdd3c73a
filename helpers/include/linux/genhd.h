/* Disks: the header is gone from the kernel since 5.18, its sources are not. */
#ifndef BCC_LINUX_GENHD_H
#define BCC_LINUX_GENHD_H

#include <linux/kdev_t.h>

#define DISK_NAME_LEN		32
#define DISK_MAX_PARTS		256
#define disk_devt(disk)		MKDEV((disk)->major, (disk)->first_minor)

#endif
