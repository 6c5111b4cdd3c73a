#include <linux/posix_acl.h>
