/* Constant sizes only: a BPF program has no library to call. */
#ifndef BCC_LINUX_STRING_H
#define BCC_LINUX_STRING_H

#ifndef memcpy
#define memcpy(to, from, n)	__builtin_memcpy(to, from, n)
#endif
#ifndef memmove
#define memmove(to, from, n)	__builtin_memmove(to, from, n)
#endif
#ifndef memset
#define memset(to, c, n)	__builtin_memset(to, c, n)
#endif
#ifndef memcmp
#define memcmp(a, b, n)		__builtin_memcmp(a, b, n)
#endif

#endif
