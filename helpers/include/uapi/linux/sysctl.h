#include <linux/sysctl.h>
