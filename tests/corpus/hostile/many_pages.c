// error
BPF_RINGBUF_OUTPUT(r, 1 << 30);
int kprobe__a(void *ctx) { return 0; }
