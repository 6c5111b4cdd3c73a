#include <linux/xattr.h>
