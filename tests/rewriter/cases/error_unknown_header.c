#include <linux/nothing.h>

