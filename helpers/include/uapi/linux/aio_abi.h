#include <linux/aio_abi.h>
