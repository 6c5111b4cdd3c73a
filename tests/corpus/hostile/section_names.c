// any
SEC("kprobe/%n%s%s%s\n\x01/../../../..") int a(void *ctx) { return 0; }
SEC("") int b(void *ctx) { return 0; }
SEC("tracepoint/") int c(void *ctx) { return 0; }
