// any
int kprobe__a(void *ctx) { for (;;) ; return 0; }
