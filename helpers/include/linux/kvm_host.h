#include <linux/kvm.h>
#include <linux/kernel.h>
