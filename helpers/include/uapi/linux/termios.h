#include <linux/termios.h>
