// error
BPF_ARRAY_OF_MAPS(a, "nothing", 4);
int kprobe__a(void *ctx) { return 0; }
