// error
struct empty {};
BPF_HASH(h, u32, struct empty);
int kprobe__a(void *ctx) { return 0; }
