/* Sizes and version numbers; status codes are enumerators. */
#ifndef BCC_LINUX_NFS_H
#define BCC_LINUX_NFS_H

#define NFS_PROGRAM	100003
#define NFS_PORT	2049
#define NFS_MAXDATA	8192
#define NFS_MAXPATHLEN	1024
#define NFS_MAXNAMLEN	255
#define NFS_FHSIZE	32
#define NFS_COOKIESIZE	4
#define NFS_FIFO_DEV	(-1)
#define NFSMODE_FMT	61440
#define NFSMODE_DIR	16384
#define NFSMODE_CHR	8192
#define NFSMODE_BLK	24576
#define NFSMODE_REG	32768
#define NFSMODE_LNK	40960
#define NFSMODE_SOCK	49152
#define NFSMODE_FIFO	4096
#define NFS_MNT_PROGRAM	100005
#define NFS_MNT_VERSION	1
#define NFS_MAXFHSIZE	128

#endif
