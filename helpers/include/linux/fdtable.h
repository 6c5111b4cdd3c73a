#ifndef BCC_LINUX_FDTABLE_H
#define BCC_LINUX_FDTABLE_H

#include <linux/fs.h>

#define NR_OPEN_DEFAULT		64
#define files_fdtable(files)	((files)->fdt)

#endif
