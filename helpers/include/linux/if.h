/* Interfaces; their flags (IFF_UP, ...) are enumerators. */
#ifndef BCC_LINUX_IF_H
#define BCC_LINUX_IF_H

#define IFNAMSIZ	16
#define IFALIASZ	256
#define ALTIFNAMSIZ	128

#endif
