#include <linux/icmp.h>
