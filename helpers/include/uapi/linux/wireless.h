#include <linux/wireless.h>
