/* Bits and masks. */
#ifndef BCC_LINUX_BITS_H
#define BCC_LINUX_BITS_H

#define BIT(nr)			(1UL << (nr))
#define BIT_ULL(nr)		(1ULL << (nr))
#define BIT_MASK(nr)		(1UL << ((nr) % 64))
#define BIT_WORD(nr)		((nr) / 64)
#define BITS_PER_BYTE		8
#define BITS_TO_LONGS(nr)	(((nr) + 63) / 64)
#define GENMASK(high, low)	((~0UL << (low)) & (~0UL >> (63 - (high))))
#define GENMASK_ULL(high, low)	((~0ULL << (low)) & (~0ULL >> (63 - (high))))

#endif
