/*
 * Page size. The compiler may say it with -DPAGE_SHIFT=n; else it is that of the architecture, for
 * those that have one, or of the configuration.
 */
#ifndef BCC_ASM_PAGE_H
#define BCC_ASM_PAGE_H

#include <bcc/arch.h>
#include <linux/const.h>

#ifndef PAGE_SHIFT
#define PAGE_SHIFT	_BCC_PAGE_SHIFT
#endif
#define PAGE_SIZE	(1UL << PAGE_SHIFT)
#define PAGE_MASK	(~(PAGE_SIZE - 1))

#endif
