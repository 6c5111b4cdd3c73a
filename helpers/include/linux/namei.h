/* Path lookup; the flags after LOOKUP_AUTOMOUNT moved in some kernel or other and are not here. */
#ifndef BCC_LINUX_NAMEI_H
#define BCC_LINUX_NAMEI_H

#define MAXSYMLINKS	40

#define LOOKUP_FOLLOW		0x1
#define LOOKUP_DIRECTORY	0x2
#define LOOKUP_AUTOMOUNT	0x4

#endif
