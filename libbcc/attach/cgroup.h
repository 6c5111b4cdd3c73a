/*
 * Cgroups by the names that hooks give them.
 */
#ifndef BCC_ATTACH_CGROUP_H
#define BCC_ATTACH_CGROUP_H

#include "attach/hook.h"

/*
 * Opens the cgroup v2 directory h->group: an absolute path, one below the place where cgroup v2 is
 * mounted, "self", or a process id for that process's cgroup. Returns a descriptor; errors have
 * their diagnostic.
 */
int cgroup_open(struct hook *h);

/* Whether the kernel knows this attach type of cgroups; true when it would not say. */
bool cgroup_has(int cgroup, int attach_type);

/* "PATH:NAME" into h->group and h->name; the path may have colons. */
int cgroup_parse(struct hook *h);

#endif
