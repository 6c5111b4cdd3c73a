#include <linux/igmp.h>
