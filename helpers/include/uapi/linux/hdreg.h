#include <linux/hdreg.h>
