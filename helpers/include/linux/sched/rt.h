#include <linux/sched/prio.h>
#include <linux/sched.h>
