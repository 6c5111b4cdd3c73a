#include <linux/ethtool.h>
