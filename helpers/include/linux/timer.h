#ifndef BCC_LINUX_TIMER_H
#define BCC_LINUX_TIMER_H

#include <linux/container_of.h>
#include <linux/jiffies.h>

#define from_timer(var, callback_timer, field) \
	container_of(callback_timer, __typeof__(*(var)), field)

#define TIMER_CPUMASK		0x3ffff
#define TIMER_MIGRATING		0x40000
#define TIMER_DEFERRABLE	0x80000
#define TIMER_PINNED		0x100000
#define TIMER_IRQSAFE		0x200000

#define TIMER_ARRAYSHIFT	22

#endif
