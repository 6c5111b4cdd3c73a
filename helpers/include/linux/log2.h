/*
 * Powers of two. Constants fold; at run time ilog2() is a few shifts, for BPF has no instruction
 * for it.
 */
#ifndef BCC_LINUX_LOG2_H
#define BCC_LINUX_LOG2_H

#define _BCC_LOG2_STEP(v, r, bits) \
	if ((v) >> (bits)) { (v) >>= (bits); (r) += (bits); }
#define _BCC_ILOG2(n) ({			\
	unsigned long long _bcc_v = (n);	\
	int _bcc_r = 0;				\
	_BCC_LOG2_STEP(_bcc_v, _bcc_r, 32)	\
	_BCC_LOG2_STEP(_bcc_v, _bcc_r, 16)	\
	_BCC_LOG2_STEP(_bcc_v, _bcc_r, 8)	\
	_BCC_LOG2_STEP(_bcc_v, _bcc_r, 4)	\
	_BCC_LOG2_STEP(_bcc_v, _bcc_r, 2)	\
	_BCC_LOG2_STEP(_bcc_v, _bcc_r, 1)	\
	_bcc_r; })

/* Integer constant expressions: they may size an array or a table. */
#define const_ilog2(n)			(63 - __builtin_clzll((n) | 1ULL))
#define _BCC_POW2_UP(n)			((n) <= 1 ? 1UL : 1UL << (const_ilog2((n) - 1) + 1))

#define ilog2(n) \
	__builtin_choose_expr(__builtin_constant_p(n), const_ilog2(n), _BCC_ILOG2(n))
#define roundup_pow_of_two(n) \
	__builtin_choose_expr(__builtin_constant_p(n), _BCC_POW2_UP(n), \
			      ((n) <= 1 ? 1UL : 1UL << (_BCC_ILOG2((n) - 1) + 1)))
#define rounddown_pow_of_two(n)		(1UL << ilog2(n))
#define is_power_of_2(n)		((n) != 0 && ((n) & ((n) - 1)) == 0)
#define order_base_2(n)			((n) <= 1 ? 0 : ilog2((n) - 1) + 1)

#endif
