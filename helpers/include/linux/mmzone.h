/* Zones and orders. MAX_ORDER was one past the largest order before 6.4. */
#ifndef BCC_LINUX_MMZONE_H
#define BCC_LINUX_MMZONE_H

#include <asm/page.h>
#include <linux/version.h>

#define PAGE_ALLOC_COSTLY_ORDER	3
#define DEF_PRIORITY		12

#ifdef CONFIG_ARCH_FORCE_MAX_ORDER
#define MAX_ORDER		CONFIG_ARCH_FORCE_MAX_ORDER
#elif BCC_KERNEL_CODE >= KERNEL_VERSION(6, 4, 0)
#define MAX_ORDER		10
#else
#define MAX_ORDER		11
#endif
#if BCC_KERNEL_CODE >= KERNEL_VERSION(6, 4, 0)
#define MAX_PAGE_ORDER		MAX_ORDER
#define NR_PAGE_ORDERS		(MAX_ORDER + 1)
#else
#define MAX_PAGE_ORDER		(MAX_ORDER - 1)
#define NR_PAGE_ORDERS		MAX_ORDER
#endif

#define zone_idx(zone)		((zone) - (zone)->zone_pgdat->node_zones)

#endif
