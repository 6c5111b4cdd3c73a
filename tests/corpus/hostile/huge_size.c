// error
BPF_HASH(h, u32, u64, 0xffffffffff);
int kprobe__a(void *ctx) { u32 k = 0; h.increment(k); return 0; }
