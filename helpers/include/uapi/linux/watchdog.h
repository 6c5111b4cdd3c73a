#include <linux/watchdog.h>
