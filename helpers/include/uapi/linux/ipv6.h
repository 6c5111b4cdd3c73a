#include <linux/ipv6.h>
