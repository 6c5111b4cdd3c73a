// error
BPF_HASH(h, u32, u64);
int kprobe__a(void *ctx) { void *p = h.lookup; return p != 0; }
