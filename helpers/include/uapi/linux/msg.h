#include <linux/msg.h>
