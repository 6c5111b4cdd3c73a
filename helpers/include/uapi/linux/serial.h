#include <linux/serial.h>
