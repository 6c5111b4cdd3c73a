#include <linux/audit.h>
