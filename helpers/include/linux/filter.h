#ifndef BCC_LINUX_FILTER_H
#define BCC_LINUX_FILTER_H

#include <linux/bpf.h>

#define MAX_BPF_STACK	512

#endif
