#include <linux/if_ether.h>
#include <linux/netdevice.h>
