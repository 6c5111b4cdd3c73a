#ifndef BCC_LINUX_UTSNAME_H
#define BCC_LINUX_UTSNAME_H

#define __NEW_UTS_LEN	64
#define __OLD_UTS_LEN	8

#endif
