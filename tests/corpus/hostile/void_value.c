// error
BPF_HASH(h, u32, void);
int kprobe__a(void *ctx) { return 0; }
