/*
 * From a member to what it is in. An expression of casts, not a block, so that the rewriter sees
 * through it: container_of(p, type, m)->x is read from the kernel if p is a kernel pointer.
 */
#ifndef BCC_LINUX_CONTAINER_OF_H
#define BCC_LINUX_CONTAINER_OF_H

#include <linux/stddef.h>

#define container_of(ptr, type, member)		((type *)((void *)(ptr) - offsetof(type, member)))
#define container_of_const(ptr, type, member)	container_of(ptr, type, member)
#define container_of_safe(ptr, type, member)	container_of(ptr, type, member)

#endif
