/*
 * Network devices. Flags and features are enumerators; what a receive or transmit returns is not.
 */
#ifndef BCC_LINUX_NETDEVICE_H
#define BCC_LINUX_NETDEVICE_H

#include <linux/if.h>
#include <linux/if_ether.h>
#include <linux/skbuff.h>
#include <linux/kernel.h>

#define NET_RX_SUCCESS	0
#define NET_RX_DROP	1
#define MAX_ADDR_LEN	32

#define NET_XMIT_SUCCESS	0x0
#define NET_XMIT_DROP		0x1
#define NET_XMIT_CN		0x2
#define NET_XMIT_MASK		0xf
#define NETDEV_TX_MASK		0xf0

#define NETDEV_ALIGN		32
#define NAPI_POLL_WEIGHT	64

#define dev_net(dev)		((dev)->nd_net.net)
#define netdev_priv(dev)	((void *)(dev) + ALIGN(sizeof(struct net_device), NETDEV_ALIGN))

#endif
