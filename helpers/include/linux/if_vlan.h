/* VLAN tags, in the packet and in the skb. */
#ifndef BCC_LINUX_IF_VLAN_H
#define BCC_LINUX_IF_VLAN_H

#include <linux/if_ether.h>
#include <linux/version.h>

#define VLAN_HLEN		4
#define VLAN_ETH_HLEN		18
#define VLAN_ETH_ZLEN		64
#define VLAN_ETH_DATA_LEN	1500
#define VLAN_ETH_FRAME_LEN	1518
#define VLAN_PRIO_SHIFT		13
#define VLAN_N_VID		4096

#define VLAN_PRIO_MASK	0xe000
#define VLAN_CFI_MASK	0x1000
#define VLAN_VID_MASK	0xfff

#define vlan_eth_hdr(skb)		((struct vlan_ethhdr *)skb_mac_header(skb))
#if BCC_KERNEL_CODE >= KERNEL_VERSION(6, 2, 0)
#define skb_vlan_tag_present(skb)	(!!(skb)->vlan_all)
#else
#define skb_vlan_tag_present(skb)	((skb)->vlan_present)
#endif
#define skb_vlan_tag_get(skb)		((skb)->vlan_tci)
#define skb_vlan_tag_get_id(skb)	((skb)->vlan_tci & VLAN_VID_MASK)
#define skb_vlan_tag_get_prio(skb)	(((skb)->vlan_tci & VLAN_PRIO_MASK) >> VLAN_PRIO_SHIFT)

#endif
