#ifndef BCC_LINUX_POSIX_ACL_H
#define BCC_LINUX_POSIX_ACL_H

#define ACL_USER_OBJ		0x1
#define ACL_USER		0x2
#define ACL_GROUP_OBJ		0x4
#define ACL_GROUP		0x8
#define ACL_MASK		0x10
#define ACL_OTHER		0x20
#define ACL_READ		0x4
#define ACL_WRITE		0x2
#define ACL_EXECUTE		0x1
#define ACL_TYPE_ACCESS		0x8000
#define ACL_TYPE_DEFAULT	0x4000

#endif
