#include <linux/seg6.h>
