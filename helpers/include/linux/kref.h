#ifndef BCC_LINUX_KREF_H
#define BCC_LINUX_KREF_H

#include <linux/refcount.h>

#define kref_read(k)		refcount_read(&(k)->refcount)

#endif
