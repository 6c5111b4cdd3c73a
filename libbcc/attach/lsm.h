/*
 * What hooks of the security modules have in common, those of all processes and those of a cgroup.
 */
#ifndef BCC_ATTACH_LSM_H
#define BCC_ATTACH_LSM_H

#include "attach/hook.h"

/* Whether a program on the hook h->name would be called; otherwise an error that says why not. */
int lsm_check(struct hook *h);

#endif
