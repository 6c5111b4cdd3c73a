// error
BPF_HASH(kprobe__a, u32, u64);
int kprobe__a(void *ctx) { return 0; }
