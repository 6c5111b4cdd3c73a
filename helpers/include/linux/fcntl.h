/*
 * open(), fcntl() and the ..at() calls. Of the open flags, four are where each architecture wants
 * them, and on MIPS most.
 */
#ifndef BCC_LINUX_FCNTL_H
#define BCC_LINUX_FCNTL_H

#include <bcc/arch.h>

/* open() */
#define O_ACCMODE	03
#define O_RDONLY	0
#define O_WRONLY	01
#define O_RDWR		02
#ifdef __TARGET_ARCH_mips
#include <bcc/arch/mips-fcntl.h>
#else
#define O_CREAT		0100
#define O_EXCL		0200
#define O_NOCTTY	0400
#define O_TRUNC		01000
#define O_APPEND	02000
#define O_NONBLOCK	04000
#define O_DSYNC		010000
#define FASYNC		020000
#define O_DIRECT	_BCC_O_DIRECT
#define O_LARGEFILE	_BCC_O_LARGEFILE
#define O_DIRECTORY	_BCC_O_DIRECTORY
#define O_NOFOLLOW	_BCC_O_NOFOLLOW
#define __O_SYNC	04000000
#endif

#define O_NOATIME	01000000
#define O_CLOEXEC	02000000
#define O_PATH		010000000
#define __O_TMPFILE	020000000

#define O_NDELAY	O_NONBLOCK
#define O_SYNC		(__O_SYNC | O_DSYNC)
#define O_TMPFILE	(__O_TMPFILE | O_DIRECTORY)

/* fcntl() */
#define F_DUPFD	0
#define F_GETFD	1
#define F_SETFD	2
#define F_GETFL	3
#define F_SETFL	4
#ifndef __TARGET_ARCH_mips
#define F_GETLK		5
#define F_SETLK		6
#define F_SETLKW	7
#define F_SETOWN	8
#define F_GETOWN	9
#endif

#define F_SETSIG		10
#define F_GETSIG		11
#define F_SETOWN_EX		15
#define F_GETOWN_EX		16
#define F_GETOWNER_UIDS		17
#define F_OFD_GETLK		36
#define F_OFD_SETLK		37
#define F_OFD_SETLKW		38
#define F_SETLEASE		1024
#define F_GETLEASE		1025
#define F_NOTIFY		1026
#define F_CANCELLK		1029
#define F_DUPFD_CLOEXEC		1030
#define F_SETPIPE_SZ		1031
#define F_GETPIPE_SZ		1032
#define F_ADD_SEALS		1033
#define F_GET_SEALS		1034
#define F_GET_RW_HINT		1035
#define F_SET_RW_HINT		1036
#define F_GET_FILE_RW_HINT	1037
#define F_SET_FILE_RW_HINT	1038

#define FD_CLOEXEC	1
#define F_RDLCK		0
#define F_WRLCK		1
#define F_UNLCK		2
#define LOCK_SH		1
#define LOCK_EX		2
#define LOCK_NB		4
#define LOCK_UN		8

#define F_SEAL_SEAL		0x1
#define F_SEAL_SHRINK		0x2
#define F_SEAL_GROW		0x4
#define F_SEAL_WRITE		0x8
#define F_SEAL_FUTURE_WRITE	0x10

/* The ..at() calls. */
#define AT_FDCWD	(-100)

#define AT_SYMLINK_NOFOLLOW	0x100
#define AT_EACCESS		0x200
#define AT_REMOVEDIR		0x200
#define AT_SYMLINK_FOLLOW	0x400
#define AT_NO_AUTOMOUNT		0x800
#define AT_EMPTY_PATH		0x1000
#define AT_STATX_SYNC_TYPE	0x6000
#define AT_STATX_FORCE_SYNC	0x2000
#define AT_STATX_DONT_SYNC	0x4000
#define AT_RECURSIVE		0x8000

#define RESOLVE_NO_XDEV		0x1
#define RESOLVE_NO_MAGICLINKS	0x2
#define RESOLVE_NO_SYMLINKS	0x4
#define RESOLVE_BENEATH		0x8
#define RESOLVE_IN_ROOT		0x10
#define RESOLVE_CACHED		0x20

#endif
