#include <linux/irqnr.h>
