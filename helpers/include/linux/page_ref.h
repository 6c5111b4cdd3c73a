#ifndef BCC_LINUX_PAGE_REF_H
#define BCC_LINUX_PAGE_REF_H

#include <linux/atomic.h>

#define page_ref_count(page)	atomic_read(&(page)->_refcount)

#endif
