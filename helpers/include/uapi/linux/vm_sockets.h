#include <linux/vm_sockets.h>
