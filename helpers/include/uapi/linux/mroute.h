#include <linux/mroute.h>
