#include <linux/vhost.h>
