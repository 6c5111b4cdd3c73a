#include <linux/msdos_fs.h>
