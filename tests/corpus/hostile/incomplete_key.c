// error
struct never_defined;
BPF_HASH(h, struct never_defined, u64);
int kprobe__a(void *ctx) { return 0; }
