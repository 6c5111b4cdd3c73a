#ifndef BCC_LINUX_LOOP_H
#define BCC_LINUX_LOOP_H

#define LO_NAME_SIZE	64
#define LO_KEY_SIZE	32

#endif
