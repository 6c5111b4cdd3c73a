#ifndef BCC_LINUX_ELEVATOR_H
#define BCC_LINUX_ELEVATOR_H

#include <linux/blk-mq.h>

#define ELV_NAME_MAX	16

#endif
