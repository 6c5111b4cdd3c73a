// error
BPF_TABLE("hash\", \"array\n%s%n$X:", u32, u64, t, 4);
int kprobe__a(void *ctx) { return 0; }
