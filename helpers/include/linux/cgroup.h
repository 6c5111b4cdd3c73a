/* Where a task is, and which number a group has. */
#ifndef BCC_LINUX_CGROUP_H
#define BCC_LINUX_CGROUP_H

#include <linux/cgroup-defs.h>
#include <linux/kernel.h>

#define cgroup_id(cgrp)		((cgrp)->kn->id)
#define task_css_set(task)	((task)->cgroups)
#define task_dfl_cgroup(task)	((task)->cgroups->dfl_cgrp)

#endif
