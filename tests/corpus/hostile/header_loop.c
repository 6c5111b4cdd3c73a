// error
#define BCC_LINUX_SCHED_H_OTHER
#undef BCC_LINUX_SCHED_H
#include <linux/sched.h>
#include "header_loop.c"
