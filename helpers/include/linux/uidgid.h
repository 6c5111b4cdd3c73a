#ifndef BCC_LINUX_UIDGID_H
#define BCC_LINUX_UIDGID_H

#define __kuid_val(uid)		((uid).val)
#define __kgid_val(gid)		((gid).val)
#define uid_eq(a, b)		((a).val == (b).val)
#define gid_eq(a, b)		((a).val == (b).val)

#endif
