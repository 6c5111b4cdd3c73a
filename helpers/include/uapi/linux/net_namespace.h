#include <linux/net_namespace.h>
