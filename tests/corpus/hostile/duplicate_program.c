// error
int kprobe__a(void *ctx) { return 0; }
int kprobe__a(void *ctx) { return 1; }
