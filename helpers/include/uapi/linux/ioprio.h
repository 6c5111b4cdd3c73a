#include <linux/ioprio.h>
