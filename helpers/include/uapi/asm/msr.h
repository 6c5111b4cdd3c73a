#include <asm/msr.h>
