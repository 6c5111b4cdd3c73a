#ifndef BCC_LINUX_NFS_FS_H
#define BCC_LINUX_NFS_FS_H

#include <linux/fs.h>
#include <linux/nfs.h>

#define NFS_I(inode)		container_of(inode, struct nfs_inode, vfs_inode)
#define NFS_FH(inode)		(&NFS_I(inode)->fh)
#define NFS_SB(sb)		((struct nfs_server *)(sb)->s_fs_info)
#define NFS_SERVER(inode)	NFS_SB((inode)->i_sb)
#define NFS_FILEID(inode)	(NFS_I(inode)->fileid)

#endif
