#include <linux/cgroup-defs.h>
#include <linux/kernel.h>
