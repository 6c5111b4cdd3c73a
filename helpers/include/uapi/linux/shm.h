#include <linux/shm.h>
