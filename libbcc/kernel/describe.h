/*
 * Types of BTF as people read them in C, for messages and lists: names only, nothing is defined.
 */
#ifndef BCC_KERNEL_DESCRIBE_H
#define BCC_KERNEL_DESCRIBE_H

#include "kernel/btf.h"
#include "kernel/text.h"

/* "TYPE name", or with an empty name just the type: "struct sock *sk", "char[16]". Too deep a type,
 * as malformed BTF may have, ends in "...". */
void describe_type(const struct kbtf *btf, uint32_t id, const char *name, struct ktext *out);

#endif
