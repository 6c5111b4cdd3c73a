// any
#undef BPF_HASH
#undef SEC
#undef __BCC_TABLE
#define SEC(x) __attribute__((section("license"), section("maps"), section(".text")))
BPF_HASH(h);
SEC("license") int kprobe__a(void *ctx) { return 0; }
