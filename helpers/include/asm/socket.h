#include <linux/socket.h>
