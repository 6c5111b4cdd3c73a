#ifndef BCC_LINUX_MODULE_H
#define BCC_LINUX_MODULE_H

#include <linux/stringify.h>

#define MODULE_NAME_LEN		(64 - sizeof(unsigned long))
#define THIS_MODULE		((struct module *)0)

#endif
