#include <linux/net.h>
