#include <linux/memfd.h>
