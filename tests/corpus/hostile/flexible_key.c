// any
struct flexible { u32 n; char c[]; };
BPF_HASH(h, struct flexible, u64);
int kprobe__a(void *ctx) { return 0; }
