#include <linux/timer.h>
