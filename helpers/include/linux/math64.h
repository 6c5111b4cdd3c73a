/* 64-bit division is an instruction here; these are for sources that care for 32-bit machines. */
#ifndef BCC_LINUX_MATH64_H
#define BCC_LINUX_MATH64_H

#include <linux/math.h>

#define div_u64(dividend, divisor)	((unsigned long long)(dividend) / (unsigned int)(divisor))
#define div64_u64(dividend, divisor) \
	((unsigned long long)(dividend) / (unsigned long long)(divisor))
#define div64_ul(dividend, divisor)	div64_u64(dividend, divisor)
#define do_div(n, base) ({			\
	unsigned int _bcc_rem = (n) % (base);	\
	(n) = (n) / (base);			\
	_bcc_rem; })

#endif
