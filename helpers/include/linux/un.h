#ifndef BCC_LINUX_UN_H
#define BCC_LINUX_UN_H

#define UNIX_PATH_MAX	108

#endif
