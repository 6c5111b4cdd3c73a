#ifndef BCC_LINUX_LIST_NULLS_H
#define BCC_LINUX_LIST_NULLS_H

#include <linux/list.h>

#define is_a_nulls(ptr)				((unsigned long)(ptr) & 1)
#define hlist_nulls_entry(ptr, type, member)	container_of(ptr, type, member)

#endif
