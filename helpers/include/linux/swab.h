#ifndef BCC_LINUX_SWAB_H
#define BCC_LINUX_SWAB_H

#define __swab16(x)	__builtin_bswap16(x)
#define __swab32(x)	__builtin_bswap32(x)
#define __swab64(x)	__builtin_bswap64(x)
#define swab16(x)	__swab16(x)
#define swab32(x)	__swab32(x)
#define swab64(x)	__swab64(x)

#endif
