/* The limits of integers, names and paths. */
#ifndef BCC_LINUX_LIMITS_H
#define BCC_LINUX_LIMITS_H

#define U8_MAX		((unsigned char)~0U)
#define S8_MAX		((signed char)(U8_MAX >> 1))
#define S8_MIN		((signed char)(-S8_MAX - 1))
#define U16_MAX		((unsigned short)~0U)
#define S16_MAX		((short)(U16_MAX >> 1))
#define S16_MIN		((short)(-S16_MAX - 1))
#define U32_MAX		((unsigned int)~0U)
#define S32_MAX		((int)(U32_MAX >> 1))
#define S32_MIN		((int)(-S32_MAX - 1))
#define U64_MAX		((unsigned long long)~0ULL)
#define S64_MAX		((long long)(U64_MAX >> 1))
#define S64_MIN		((long long)(-S64_MAX - 1))

#define UCHAR_MAX	255
#define USHRT_MAX	U16_MAX
#define SHRT_MAX	S16_MAX
#define SHRT_MIN	S16_MIN
#define INT_MAX		((int)(~0U >> 1))
#define INT_MIN		(-INT_MAX - 1)
#define UINT_MAX	(~0U)
#define LONG_MAX	((long)(~0UL >> 1))
#define LONG_MIN	(-LONG_MAX - 1)
#define ULONG_MAX	(~0UL)
#define LLONG_MAX	((long long)(~0ULL >> 1))
#define LLONG_MIN	(-LLONG_MAX - 1)
#define ULLONG_MAX	(~0ULL)
#define SIZE_MAX	(~0UL)
#define SSIZE_MAX	((long)(SIZE_MAX >> 1))
#define UINTPTR_MAX	ULONG_MAX

#define NAME_MAX	255
#define PATH_MAX	4096
#define LINK_MAX	127
#define PIPE_BUF	4096
#define MAX_CANON	255
#define MAX_INPUT	255
#define NGROUPS_MAX	65536
#define ARG_MAX		131072
#define XATTR_NAME_MAX	255
#define XATTR_SIZE_MAX	65536
#define XATTR_LIST_MAX	65536
#define RTSIG_MAX	32

#endif
