/* The byte order of packets. Constants fold, the rest are single instructions. */
#ifndef BCC_ASM_BYTEORDER_H
#define BCC_ASM_BYTEORDER_H

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define __LITTLE_ENDIAN		1234
#define __LITTLE_ENDIAN_BITFIELD
#define _BCC_BE16(x)		__builtin_bswap16(x)
#define _BCC_BE32(x)		__builtin_bswap32(x)
#define _BCC_BE64(x)		__builtin_bswap64(x)
#define _BCC_LE16(x)		(x)
#define _BCC_LE32(x)		(x)
#define _BCC_LE64(x)		(x)
#else
#define __BIG_ENDIAN		4321
#define __BIG_ENDIAN_BITFIELD
#define _BCC_BE16(x)		(x)
#define _BCC_BE32(x)		(x)
#define _BCC_BE64(x)		(x)
#define _BCC_LE16(x)		__builtin_bswap16(x)
#define _BCC_LE32(x)		__builtin_bswap32(x)
#define _BCC_LE64(x)		__builtin_bswap64(x)
#endif

#define __cpu_to_be16(x)	((unsigned short)_BCC_BE16((unsigned short)(x)))
#define __cpu_to_be32(x)	((unsigned int)_BCC_BE32((unsigned int)(x)))
#define __cpu_to_be64(x)	((unsigned long long)_BCC_BE64((unsigned long long)(x)))
#define __cpu_to_le16(x)	((unsigned short)_BCC_LE16((unsigned short)(x)))
#define __cpu_to_le32(x)	((unsigned int)_BCC_LE32((unsigned int)(x)))
#define __cpu_to_le64(x)	((unsigned long long)_BCC_LE64((unsigned long long)(x)))
#define __be16_to_cpu(x)	__cpu_to_be16(x)
#define __be32_to_cpu(x)	__cpu_to_be32(x)
#define __be64_to_cpu(x)	__cpu_to_be64(x)
#define __le16_to_cpu(x)	__cpu_to_le16(x)
#define __le32_to_cpu(x)	__cpu_to_le32(x)
#define __le64_to_cpu(x)	__cpu_to_le64(x)

#define cpu_to_be16(x)	__cpu_to_be16(x)
#define cpu_to_be32(x)	__cpu_to_be32(x)
#define cpu_to_be64(x)	__cpu_to_be64(x)
#define cpu_to_le16(x)	__cpu_to_le16(x)
#define cpu_to_le32(x)	__cpu_to_le32(x)
#define cpu_to_le64(x)	__cpu_to_le64(x)
#define be16_to_cpu(x)	__be16_to_cpu(x)
#define be32_to_cpu(x)	__be32_to_cpu(x)
#define be64_to_cpu(x)	__be64_to_cpu(x)
#define le16_to_cpu(x)	__le16_to_cpu(x)
#define le32_to_cpu(x)	__le32_to_cpu(x)
#define le64_to_cpu(x)	__le64_to_cpu(x)

#define __constant_htons(x)	__cpu_to_be16(x)
#define __constant_htonl(x)	__cpu_to_be32(x)
#define __constant_ntohs(x)	__be16_to_cpu(x)
#define __constant_ntohl(x)	__be32_to_cpu(x)
#ifndef htons
#define htons(x)		__cpu_to_be16(x)
#endif
#ifndef htonl
#define htonl(x)		__cpu_to_be32(x)
#endif
#ifndef ntohs
#define ntohs(x)		__be16_to_cpu(x)
#endif
#ifndef ntohl
#define ntohl(x)		__be32_to_cpu(x)
#endif

#endif
