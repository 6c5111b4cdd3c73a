// error
BPF_HASH(h, u32, u64);
BPF_HASH(h, u64, u32);
int kprobe__a(void *ctx) { return 0; }
