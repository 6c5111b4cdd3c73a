#include <linux/icmpv6.h>
