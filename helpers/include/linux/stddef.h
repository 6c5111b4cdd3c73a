/*
 * NULL, true, false and the questions about members.
 *
 * offsetof() is written as an address: in a portable object it is then relocated to the layout of
 * the kernel it runs on, which __builtin_offsetof() would not be.
 */
#ifndef BCC_LINUX_STDDEF_H
#define BCC_LINUX_STDDEF_H

#define NULL	((void *)0)
#define true	1
#define false	0

#define offsetof(type, member)		((unsigned long)&((type *)0)->member)
#define sizeof_field(type, member)	sizeof(((type *)0)->member)
#define FIELD_SIZEOF(type, member)	sizeof_field(type, member)
#define offsetofend(type, member)	(offsetof(type, member) + sizeof_field(type, member))

#endif
