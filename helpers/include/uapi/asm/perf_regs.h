#include <asm/perf_regs.h>
