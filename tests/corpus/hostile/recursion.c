// any
static int f(int n) { return n ? f(n - 1) + f(n - 2) : 0; }
int kprobe__a(struct pt_regs *ctx, int n) { return f(n); }
