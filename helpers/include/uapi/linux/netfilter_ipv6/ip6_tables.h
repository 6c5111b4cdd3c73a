#include <linux/netfilter_ipv6/ip6_tables.h>
