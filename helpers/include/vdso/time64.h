#include <linux/time64.h>
