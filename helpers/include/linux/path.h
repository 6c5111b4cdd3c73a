#ifndef BCC_LINUX_PATH_H
#define BCC_LINUX_PATH_H

#define path_equal(a, b)	((a)->mnt == (b)->mnt && (a)->dentry == (b)->dentry)

#endif
