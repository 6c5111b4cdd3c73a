#include <linux/oom.h>
