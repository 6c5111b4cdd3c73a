// any
typedef int fn(void);
BPF_HASH(h, fn, u64);
int kprobe__a(void *ctx) { return 0; }
