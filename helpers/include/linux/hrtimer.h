#include <linux/ktime.h>
#include <linux/container_of.h>
