#ifndef BCC_LINUX_RCULIST_H
#define BCC_LINUX_RCULIST_H

#include <linux/list.h>

#define list_entry_rcu(ptr, type, member)	list_entry(ptr, type, member)

#endif
