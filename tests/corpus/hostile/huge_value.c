// error
struct big { char c[0x7fffffff]; };
BPF_ARRAY(a, struct big, 4000000);
int kprobe__a(void *ctx) { return 0; }
