#include <linux/netfilter.h>
