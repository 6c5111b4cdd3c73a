/* Speeds and duplex; link modes are enumerators. */
#ifndef BCC_LINUX_ETHTOOL_H
#define BCC_LINUX_ETHTOOL_H

#define SPEED_10	10
#define SPEED_100	100
#define SPEED_1000	1000
#define SPEED_2500	2500
#define SPEED_5000	5000
#define SPEED_10000	10000
#define SPEED_25000	25000
#define SPEED_40000	40000
#define SPEED_50000	50000
#define SPEED_100000	100000
#define SPEED_200000	200000
#define SPEED_400000	400000
#define SPEED_UNKNOWN	(-1)

#define DUPLEX_HALF	0x0
#define DUPLEX_FULL	0x1
#define DUPLEX_UNKNOWN	0xff

#define ETH_GSTRING_LEN		32
#define ETHTOOL_BUSINFO_LEN	32
#define ETHTOOL_FWVERS_LEN	32

#endif
