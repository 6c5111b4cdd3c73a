/*
 * Linked lists. The kernel's loops are not here: each step of a walk is a read the verifier has to
 * bound; write a bounded loop over list_next_entry().
 */
#ifndef BCC_LINUX_LIST_H
#define BCC_LINUX_LIST_H

#include <linux/container_of.h>

#define list_entry(ptr, type, member)		container_of(ptr, type, member)
#define list_first_entry(head, type, member)	list_entry((head)->next, type, member)
#define list_last_entry(head, type, member)	list_entry((head)->prev, type, member)
#define list_next_entry(pos, member) \
	list_entry((pos)->member.next, __typeof__(*(pos)), member)
#define list_prev_entry(pos, member) \
	list_entry((pos)->member.prev, __typeof__(*(pos)), member)
#define list_empty(head)			((void *)(head)->next == (void *)(head))
#define list_is_singular(head) \
	(!list_empty(head) && (head)->next == (head)->prev)
#define list_is_last(list, head)		((void *)(list)->next == (void *)(head))

#define hlist_entry(ptr, type, member)		container_of(ptr, type, member)
#define hlist_empty(head)			(!(head)->first)
#define hlist_unhashed(node)			(!(node)->pprev)

#define LIST_POISON1	((void *)(0x100 + 0xdead000000000000UL))
#define LIST_POISON2	((void *)(0x122 + 0xdead000000000000UL))

#endif
