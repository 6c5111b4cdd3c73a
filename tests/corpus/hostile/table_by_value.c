// error
BPF_HASH(h, u32, u64);
int kprobe__a(void *ctx) { typeof(h) other = h; u32 k = 0; return other.lookup(&k) != 0; }
