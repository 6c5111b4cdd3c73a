/* readv() and writev(). */
#ifndef BCC_LINUX_UIO_H
#define BCC_LINUX_UIO_H

#define UIO_FASTIOV	8
#define UIO_MAXIOV	1024

#endif
