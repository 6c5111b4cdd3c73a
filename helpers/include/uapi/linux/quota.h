#include <linux/quota.h>
