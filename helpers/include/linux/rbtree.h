/* Red-black trees. */
#ifndef BCC_LINUX_RBTREE_H
#define BCC_LINUX_RBTREE_H

#include <linux/container_of.h>

#define rb_entry(ptr, type, member)	container_of(ptr, type, member)
#define rb_parent(r)			((struct rb_node *)((r)->__rb_parent_color & ~3UL))
#define rb_first_cached(root)		((root)->rb_leftmost)
#define RB_EMPTY_ROOT(root)		(!(root)->rb_node)
#define RB_EMPTY_NODE(node)		((node)->__rb_parent_color == (unsigned long)(node))

#endif
