#ifndef BCC_LIMITS_H
#define BCC_LIMITS_H

#include <linux/limits.h>

#define CHAR_BIT	8
#define SCHAR_MAX	127
#define SCHAR_MIN	(-128)
#define CHAR_MAX	SCHAR_MAX
#define CHAR_MIN	SCHAR_MIN

#endif
