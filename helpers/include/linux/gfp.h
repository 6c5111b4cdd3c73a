/*
 * Allocation flags. These bits are the same from 5.0 to the kernels that made them enumerators;
 * one, __GFP_ATOMIC, went away with 6.3.
 */
#ifndef BCC_LINUX_GFP_H
#define BCC_LINUX_GFP_H

#include <linux/version.h>

#define __GFP_DMA		0x1
#define __GFP_HIGHMEM		0x2
#define __GFP_DMA32		0x4
#define __GFP_MOVABLE		0x8
#define __GFP_RECLAIMABLE	0x10
#define __GFP_HIGH		0x20
#define __GFP_IO		0x40
#define __GFP_FS		0x80
#define __GFP_ZERO		0x100
#define __GFP_DIRECT_RECLAIM	0x400
#define __GFP_KSWAPD_RECLAIM	0x800
#define __GFP_WRITE		0x1000
#define __GFP_NOWARN		0x2000
#define __GFP_RETRY_MAYFAIL	0x4000
#define __GFP_NOFAIL		0x8000
#define __GFP_NORETRY		0x10000
#define __GFP_MEMALLOC		0x20000
#define __GFP_COMP		0x40000
#define __GFP_NOMEMALLOC	0x80000
#define __GFP_HARDWALL		0x100000
#define __GFP_THISNODE		0x200000
#define __GFP_ACCOUNT		0x400000

#define __GFP_RECLAIM		(__GFP_DIRECT_RECLAIM | __GFP_KSWAPD_RECLAIM)
#define GFP_ZONEMASK		(__GFP_DMA | __GFP_HIGHMEM | __GFP_DMA32 | __GFP_MOVABLE)
#if BCC_KERNEL_CODE >= KERNEL_VERSION(6, 3, 0)
#define GFP_ATOMIC		(__GFP_HIGH | __GFP_KSWAPD_RECLAIM)
#else
#define __GFP_ATOMIC		0x200
#define GFP_ATOMIC		(__GFP_HIGH | __GFP_ATOMIC | __GFP_KSWAPD_RECLAIM)
#endif
#define GFP_KERNEL		(__GFP_RECLAIM | __GFP_IO | __GFP_FS)
#define GFP_KERNEL_ACCOUNT	(GFP_KERNEL | __GFP_ACCOUNT)
#define GFP_NOWAIT		__GFP_KSWAPD_RECLAIM
#define GFP_NOIO		__GFP_RECLAIM
#define GFP_NOFS		(__GFP_RECLAIM | __GFP_IO)
#define GFP_USER		(GFP_KERNEL | __GFP_HARDWALL)
#define GFP_DMA			__GFP_DMA
#define GFP_DMA32		__GFP_DMA32
#define GFP_HIGHUSER		(GFP_USER | __GFP_HIGHMEM)
#define GFP_HIGHUSER_MOVABLE	(GFP_HIGHUSER | __GFP_MOVABLE)

#endif
