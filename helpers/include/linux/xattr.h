/* Names and flags of extended attributes. */
#ifndef BCC_LINUX_XATTR_H
#define BCC_LINUX_XATTR_H

#define XATTR_CREATE	1
#define XATTR_REPLACE	2

#define XATTR_SECURITY_PREFIX	"security."
#define XATTR_SYSTEM_PREFIX	"system."
#define XATTR_TRUSTED_PREFIX	"trusted."
#define XATTR_USER_PREFIX	"user."
#define XATTR_NAME_CAPS		"security.capability"

#endif
