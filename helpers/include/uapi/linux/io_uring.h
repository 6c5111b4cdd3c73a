#include <linux/io_uring.h>
