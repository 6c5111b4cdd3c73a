#include <linux/mii.h>
