#include <linux/math64.h>
