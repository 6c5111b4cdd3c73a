#include <linux/netfilter_ipv4/ip_tables.h>
