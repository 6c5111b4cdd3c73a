// error
BPF_HASH_OF_MAPS(a, u32, "b", 4);
BPF_HASH_OF_MAPS(b, u32, "a", 4);
int kprobe__a(void *ctx) { return 0; }
