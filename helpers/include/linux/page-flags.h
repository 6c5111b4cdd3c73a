/* The flags are enumerators (PG_locked, ...); here are the bits of page.mapping. */
#ifndef BCC_LINUX_PAGE_FLAGS_H
#define BCC_LINUX_PAGE_FLAGS_H

#define PAGE_MAPPING_ANON	0x1
#define PAGE_MAPPING_MOVABLE	0x2
#define PAGE_MAPPING_KSM	0x3
#define PAGE_MAPPING_FLAGS	0x3

#endif
