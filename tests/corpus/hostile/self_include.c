// error
#include "self_include.c"
int kprobe__a(void *ctx) { return 0; }
