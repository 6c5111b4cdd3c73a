// any
int kprobe__a(void *ctx) { volatile char c[100000]; c[5] = 1; return c[5]; }
