#include <linux/nfs_fs.h>
