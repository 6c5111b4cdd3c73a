#include <linux/netfilter_bridge.h>
