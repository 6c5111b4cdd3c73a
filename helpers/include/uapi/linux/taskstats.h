#include <linux/taskstats.h>
