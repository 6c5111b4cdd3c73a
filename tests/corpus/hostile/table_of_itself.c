// error
BPF_HASH_OF_MAPS(h, u32, "h", 4);
int kprobe__a(void *ctx) { return 0; }
