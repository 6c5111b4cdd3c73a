/* A work item's function and queue. */
#ifndef BCC_LINUX_WORKQUEUE_H
#define BCC_LINUX_WORKQUEUE_H

#include <linux/container_of.h>

#define work_data_bits(work)	((unsigned long *)&(work)->data)
#define to_delayed_work(ptr)	container_of(ptr, struct delayed_work, work)

#endif
