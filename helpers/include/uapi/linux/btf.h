#include <linux/btf.h>
