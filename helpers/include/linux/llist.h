#ifndef BCC_LINUX_LLIST_H
#define BCC_LINUX_LLIST_H

#include <linux/container_of.h>

#define llist_entry(ptr, type, member)	container_of(ptr, type, member)
#define llist_empty(head)		(!(head)->first)

#endif
