#ifndef BCC_LINUX_AIO_ABI_H
#define BCC_LINUX_AIO_ABI_H

#define IOCB_FLAG_RESFD		0x1
#define IOCB_FLAG_IOPRIO	0x2

#endif
