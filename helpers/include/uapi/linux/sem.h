#include <linux/sem.h>
