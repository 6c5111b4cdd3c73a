/* Files and inodes. Inode and superblock state bits that moved between kernels are not here. */
#ifndef BCC_LINUX_FS_H
#define BCC_LINUX_FS_H

#include <linux/sched.h>
#include <linux/capability.h>
#include <linux/mount.h>
#include <linux/stat.h>
#include <linux/fcntl.h>
#include <linux/kdev_t.h>
#include <linux/limits.h>
#include <linux/dcache.h>
#include <linux/path.h>

/* Permission checks. */
#define MAY_EXEC	0x1
#define MAY_WRITE	0x2
#define MAY_READ	0x4
#define MAY_APPEND	0x8
#define MAY_ACCESS	0x10
#define MAY_OPEN	0x20
#define MAY_CHDIR	0x40
#define MAY_NOT_BLOCK	0x80

/* file.f_mode */
#define FMODE_READ		0x1
#define FMODE_WRITE		0x2
#define FMODE_LSEEK		0x4
#define FMODE_PREAD		0x8
#define FMODE_PWRITE		0x10
#define FMODE_EXEC		0x20
#define FMODE_WRITE_IOCTL	0x100
#define FMODE_32BITHASH		0x200
#define FMODE_64BITHASH		0x400
#define FMODE_NOCMTIME		0x800
#define FMODE_RANDOM		0x1000
#define FMODE_PATH		0x4000
#define FMODE_ATOMIC_POS	0x8000
#define FMODE_WRITER		0x10000
#define FMODE_CAN_READ		0x20000
#define FMODE_CAN_WRITE		0x40000
#define FMODE_OPENED		0x80000
#define FMODE_CREATED		0x100000
#define FMODE_STREAM		0x200000

/* inode.i_flags */
#define S_SYNC		0x1
#define S_NOATIME	0x2
#define S_APPEND	0x4
#define S_IMMUTABLE	0x8
#define S_DEAD		0x10
#define S_NOQUOTA	0x20
#define S_DIRSYNC	0x40
#define S_NOCMTIME	0x80
#define S_SWAPFILE	0x100
#define S_PRIVATE	0x200
#define S_IMA		0x400
#define S_AUTOMOUNT	0x800
#define S_NOSEC		0x1000
#define S_ENCRYPTED	0x4000
#define S_CASEFOLD	0x8000
#define S_VERITY	0x10000

/* super_block.s_flags */
#define SB_RDONLY	0x1
#define SB_NOSUID	0x2
#define SB_NODEV	0x4
#define SB_NOEXEC	0x8
#define SB_SYNCHRONOUS	0x10
#define SB_MANDLOCK	0x40
#define SB_DIRSYNC	0x80
#define SB_NOATIME	0x400
#define SB_NODIRATIME	0x800
#define SB_SILENT	0x8000
#define SB_POSIXACL	0x10000
#define SB_KERNMOUNT	0x400000
#define SB_I_VERSION	0x800000
#define SB_LAZYTIME	0x2000000

/* iattr.ia_valid */
#define ATTR_MODE	0x1
#define ATTR_UID	0x2
#define ATTR_GID	0x4
#define ATTR_SIZE	0x8
#define ATTR_ATIME	0x10
#define ATTR_MTIME	0x20
#define ATTR_CTIME	0x40
#define ATTR_ATIME_SET	0x80
#define ATTR_MTIME_SET	0x100
#define ATTR_FORCE	0x200

/* lseek(), rename(), umount(), readv2() */
#define SEEK_SET	0
#define SEEK_CUR	1
#define SEEK_END	2
#define SEEK_DATA	3
#define SEEK_HOLE	4

#define RENAME_NOREPLACE	0x1
#define RENAME_EXCHANGE		0x2
#define RENAME_WHITEOUT		0x4
#define MNT_FORCE		0x1
#define MNT_DETACH		0x2
#define MNT_EXPIRE		0x4
#define UMOUNT_NOFOLLOW		0x8
#define RWF_HIPRI		0x1
#define RWF_DSYNC		0x2
#define RWF_SYNC		0x4
#define RWF_NOWAIT		0x8
#define RWF_APPEND		0x10

/* kiocb.ki_flags */
#define IOCB_EVENTFD	0x10000
#define IOCB_DIRECT	0x20000
#define IOCB_WRITE	0x40000

#define IOCB_HIPRI	RWF_HIPRI
#define IOCB_DSYNC	RWF_DSYNC
#define IOCB_SYNC	RWF_SYNC
#define IOCB_NOWAIT	RWF_NOWAIT
#define IOCB_APPEND	RWF_APPEND

/* Locks, directory entry types. */
#define FL_POSIX	1
#define FL_FLOCK	2
#define FL_DELEG	4
#define FL_ACCESS	8
#define FL_LEASE	32
#define FL_CLOSE	64
#define FL_SLEEP	128
#define DT_UNKNOWN	0
#define DT_FIFO		1
#define DT_CHR		2
#define DT_DIR		4
#define DT_BLK		6
#define DT_REG		8
#define DT_LNK		10
#define DT_SOCK		12
#define DT_WHT		14

/* Accessors. */
#define file_inode(file)	((file)->f_inode)
#define file_dentry(file)	((file)->f_path.dentry)
#define i_size_read(inode)	((inode)->i_size)
#define imajor(inode)		MAJOR((inode)->i_rdev)
#define iminor(inode)		MINOR((inode)->i_rdev)
#define i_uid_read(inode)	((inode)->i_uid.val)
#define i_gid_read(inode)	((inode)->i_gid.val)
#define special_file(m)		(S_ISCHR(m) || S_ISBLK(m) || S_ISFIFO(m) || S_ISSOCK(m))

#endif
