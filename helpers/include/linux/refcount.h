#ifndef BCC_LINUX_REFCOUNT_H
#define BCC_LINUX_REFCOUNT_H

#include <linux/atomic.h>

#define refcount_read(r)	atomic_read(&(r)->refs)

#endif
