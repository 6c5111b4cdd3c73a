#include <linux/kvm_para.h>
