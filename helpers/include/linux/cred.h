#include <linux/uidgid.h>
#include <linux/capability.h>
