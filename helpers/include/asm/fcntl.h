#include <linux/fcntl.h>
