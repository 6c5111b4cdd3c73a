// error
#define int struct
#define return ;;;
#define u64 }
#define __BCC_TABLE(...) )
BPF_HASH(h);
int kprobe__a(void *ctx) { return 0; }
