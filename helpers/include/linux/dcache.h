/*
 * Directory entries. A dentry holds a short name itself; how long one may be is part of the
 * layout.
 */
#ifndef BCC_LINUX_DCACHE_H
#define BCC_LINUX_DCACHE_H

#include <linux/version.h>

#if BCC_KERNEL_CODE >= KERNEL_VERSION(6, 14, 0)
#define DNAME_INLINE_LEN	40
#else
#define DNAME_INLINE_LEN	32
#endif

#define IS_ROOT(dentry)		((dentry) == (dentry)->d_parent)
#define d_inode(dentry)		((dentry)->d_inode)
#define d_backing_inode(dentry)	((dentry)->d_inode)
#define d_is_negative(dentry)	(!(dentry)->d_inode)
#define hashlen_hash(hashlen)	((unsigned int)(hashlen))
#define hashlen_len(hashlen)	((unsigned int)((hashlen) >> 32))

#endif
