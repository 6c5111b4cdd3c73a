/* What a capability check was asked to do. */
#ifndef BCC_LINUX_SECURITY_H
#define BCC_LINUX_SECURITY_H

#include <linux/capability.h>

#endif
