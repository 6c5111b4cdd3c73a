#ifndef BCC_LINUX_PERSONALITY_H
#define BCC_LINUX_PERSONALITY_H

#include <linux/kernel.h>

#define personality(pers)	((pers) & 0xff)

#endif
