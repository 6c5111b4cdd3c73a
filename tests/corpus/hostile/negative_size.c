// error
BPF_ARRAY(a, u64, -1);
int kprobe__a(void *ctx) { return 0; }
