/*
 * Reading kernel counters. To change one of the program's own values use lock_xadd() or a map's
 * atomic_increment().
 */
#ifndef BCC_LINUX_ATOMIC_H
#define BCC_LINUX_ATOMIC_H

#define atomic_read(v)		((v)->counter)
#define atomic64_read(v)	((v)->counter)
#define atomic_long_read(v)	((v)->counter)

#endif
