#include <linux/route.h>
