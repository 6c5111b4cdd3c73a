// any
BPF_RINGBUF_OUTPUT(r, 3);
int kprobe__a(void *ctx) { return 0; }
