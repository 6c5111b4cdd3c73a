#include <linux/mount.h>
