#include <linux/serial_core.h>
