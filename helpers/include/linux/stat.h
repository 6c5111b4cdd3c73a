/* File types and permissions, statx(). */
#ifndef BCC_LINUX_STAT_H
#define BCC_LINUX_STAT_H

#define S_IFMT		0170000
#define S_IFSOCK	0140000
#define S_IFLNK		0120000
#define S_IFREG		0100000
#define S_IFBLK		060000
#define S_IFDIR		040000
#define S_IFCHR		020000
#define S_IFIFO		010000
#define S_ISUID		04000
#define S_ISGID		02000
#define S_ISVTX		01000
#define S_IRWXU		0700
#define S_IRUSR		0400
#define S_IWUSR		0200
#define S_IXUSR		0100
#define S_IRWXG		070
#define S_IRGRP		040
#define S_IWGRP		020
#define S_IXGRP		010
#define S_IRWXO		07
#define S_IROTH		04
#define S_IWOTH		02
#define S_IXOTH		01
#define S_IRWXUGO	0777
#define S_IALLUGO	07777
#define S_IRUGO		0444
#define S_IWUGO		0222
#define S_IXUGO		0111

#define S_ISLNK(m)	(((m) & S_IFMT) == S_IFLNK)
#define S_ISREG(m)	(((m) & S_IFMT) == S_IFREG)
#define S_ISDIR(m)	(((m) & S_IFMT) == S_IFDIR)
#define S_ISCHR(m)	(((m) & S_IFMT) == S_IFCHR)
#define S_ISBLK(m)	(((m) & S_IFMT) == S_IFBLK)
#define S_ISFIFO(m)	(((m) & S_IFMT) == S_IFIFO)
#define S_ISSOCK(m)	(((m) & S_IFMT) == S_IFSOCK)

#define STATX_TYPE		0x1
#define STATX_MODE		0x2
#define STATX_NLINK		0x4
#define STATX_ATTR_COMPRESSED	0x4
#define STATX_UID		0x8
#define STATX_GID		0x10
#define STATX_ATTR_IMMUTABLE	0x10
#define STATX_ATIME		0x20
#define STATX_ATTR_APPEND	0x20
#define STATX_MTIME		0x40
#define STATX_ATTR_NODUMP	0x40
#define STATX_CTIME		0x80
#define STATX_INO		0x100
#define STATX_SIZE		0x200
#define STATX_BLOCKS		0x400
#define STATX_BASIC_STATS	0x7ff
#define STATX_BTIME		0x800
#define STATX_ATTR_ENCRYPTED	0x800
#define STATX_MNT_ID		0x1000
#define STATX_ATTR_AUTOMOUNT	0x1000
#define STATX_DIOALIGN		0x2000
#define STATX_ATTR_MOUNT_ROOT	0x2000
#define STATX_ATTR_VERITY	0x100000
#define STATX_ATTR_DAX		0x200000
#define STATX__RESERVED		0x80000000

#endif
