/* Checks at compile time. */
#ifndef BCC_LINUX_BUILD_BUG_H
#define BCC_LINUX_BUILD_BUG_H

#define BUILD_BUG_ON_ZERO(e)		((int)(sizeof(struct { int : -!!(e); })))
#define BUILD_BUG_ON_MSG(cond, msg)	_Static_assert(!(cond), msg)
#define BUILD_BUG_ON(cond)		BUILD_BUG_ON_MSG(cond, "BUILD_BUG_ON: " #cond)
#define BUILD_BUG_ON_NOT_POWER_OF_2(n)	BUILD_BUG_ON((n) == 0 || (((n) & ((n) - 1)) != 0))
#define static_assert(expr, ...)	_BCC_STATIC_ASSERT(expr, ##__VA_ARGS__, #expr)
#define _BCC_STATIC_ASSERT(expr, msg, ...)	_Static_assert(expr, msg)

#endif
