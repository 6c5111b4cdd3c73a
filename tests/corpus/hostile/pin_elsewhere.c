// error
BPF_TABLE_PINNED("hash", u32, u64, t, 4, "/etc/bcc-hostile/../../tmp/bcc-hostile-pin");
int kprobe__a(void *ctx) { return 0; }
