/* Each argument is evaluated once, as in the kernel; the results are never pointers to follow. */
#ifndef BCC_LINUX_MINMAX_H
#define BCC_LINUX_MINMAX_H

#define min(a, b) ({			\
	__typeof__(a) _bcc_a = (a);	\
	__typeof__(b) _bcc_b = (b);	\
	_bcc_a < _bcc_b ? _bcc_a : _bcc_b; })
#define max(a, b) ({			\
	__typeof__(a) _bcc_a = (a);	\
	__typeof__(b) _bcc_b = (b);	\
	_bcc_a > _bcc_b ? _bcc_a : _bcc_b; })

#define min_t(type, a, b) ({		\
	type _bcc_ta = (a);		\
	type _bcc_tb = (b);		\
	_bcc_ta < _bcc_tb ? _bcc_ta : _bcc_tb; })
#define max_t(type, a, b) ({		\
	type _bcc_ta = (a);		\
	type _bcc_tb = (b);		\
	_bcc_ta > _bcc_tb ? _bcc_ta : _bcc_tb; })

#define min_not_zero(a, b) ({		\
	__typeof__(a) _bcc_na = (a);	\
	__typeof__(b) _bcc_nb = (b);	\
	!_bcc_na ? _bcc_nb : !_bcc_nb ? _bcc_na : _bcc_na < _bcc_nb ? _bcc_na : _bcc_nb; })

#define min3(a, b, c)			min(min(a, b), c)
#define max3(a, b, c)			max(max(a, b), c)
#define clamp(val, low, high)		min(max(val, low), high)
#define clamp_t(type, val, low, high)	min_t(type, max_t(type, val, low), high)
#define clamp_val(val, low, high)	clamp_t(__typeof__(val), val, low, high)
#define swap(a, b) ({ __typeof__(a) _bcc_s = (a); (a) = (b); (b) = _bcc_s; (void)0; })

#endif
