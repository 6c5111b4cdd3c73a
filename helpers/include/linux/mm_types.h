#include <asm/page.h>
#include <linux/atomic.h>
