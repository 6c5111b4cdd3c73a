// error
#include "loop_a.h"
int kprobe__a(void *ctx) { return 0; }
