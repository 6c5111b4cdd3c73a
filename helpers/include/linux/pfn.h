#ifndef BCC_LINUX_PFN_H
#define BCC_LINUX_PFN_H

#include <asm/page.h>

#define PFN_UP(x)	(((x) + PAGE_SIZE - 1) >> PAGE_SHIFT)
#define PFN_DOWN(x)	((x) >> PAGE_SHIFT)
#define PFN_PHYS(x)	((unsigned long long)(x) << PAGE_SHIFT)

#endif
