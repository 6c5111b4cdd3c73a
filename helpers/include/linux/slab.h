#ifndef BCC_LINUX_SLAB_H
#define BCC_LINUX_SLAB_H

#include <linux/gfp.h>

#define ZERO_SIZE_PTR		((void *)16)
#define ZERO_OR_NULL_PTR(x)	((unsigned long)(x) <= (unsigned long)ZERO_SIZE_PTR)

#endif
