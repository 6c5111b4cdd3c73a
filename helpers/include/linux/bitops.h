#ifndef BCC_LINUX_BITOPS_H
#define BCC_LINUX_BITOPS_H

#include <linux/bits.h>

#define test_bit(nr, addr) \
	(((((const unsigned long *)(addr))[BIT_WORD(nr)]) >> ((nr) % 64)) & 1UL)
#define hweight32(x)		__builtin_popcount(x)
#define hweight64(x)		__builtin_popcountll(x)

#endif
