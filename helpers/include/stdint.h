/* Limits and constants; the typedefs come from BTF. */
#ifndef BCC_STDINT_H
#define BCC_STDINT_H

#define INT8_MAX	127
#define INT8_MIN	(-128)
#define UINT8_MAX	255
#define INT16_MAX	32767
#define INT16_MIN	(-32768)
#define UINT16_MAX	65535
#define INT32_MAX	2147483647
#define INT32_MIN	(-2147483647 - 1)
#define UINT32_MAX	4294967295U
#define INT64_MAX	9223372036854775807LL
#define INT64_MIN	(-9223372036854775807LL - 1)
#define UINT64_MAX	18446744073709551615ULL
#ifndef SIZE_MAX
#define SIZE_MAX	(~0UL)
#endif
#ifndef UINTPTR_MAX
#define UINTPTR_MAX	(~0UL)
#endif
#define INTPTR_MAX	INT64_MAX
#define INTPTR_MIN	INT64_MIN

#define INT8_C(c)	c
#define INT16_C(c)	c
#define INT32_C(c)	c
#define INT64_C(c)	c##LL
#define UINT8_C(c)	c
#define UINT16_C(c)	c
#define UINT32_C(c)	c##U
#define UINT64_C(c)	c##ULL

#endif
