#include <linux/usb/ch9.h>
