#include <linux/path.h>
