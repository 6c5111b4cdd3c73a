#include <linux/build_bug.h>
