#include <linux/openat2.h>
