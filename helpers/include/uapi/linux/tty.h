#include <linux/tty.h>
