#include <linux/loop.h>
