#include <linux/close_range.h>
