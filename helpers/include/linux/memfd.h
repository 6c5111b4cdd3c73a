#include <linux/mman.h>
