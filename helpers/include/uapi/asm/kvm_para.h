#include <asm/kvm_para.h>
