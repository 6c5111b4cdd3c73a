/* Ways to attach XDP; the actions are enumerators. */
#ifndef BCC_LINUX_IF_LINK_H
#define BCC_LINUX_IF_LINK_H

#define XDP_FLAGS_UPDATE_IF_NOEXIST	0x1
#define XDP_FLAGS_SKB_MODE		0x2
#define XDP_FLAGS_DRV_MODE		0x4
#define XDP_FLAGS_HW_MODE		0x8
#define XDP_FLAGS_REPLACE		0x10
#define XDP_FLAGS_MODES			0xe
#define XDP_FLAGS_MASK			0x1f

#endif
