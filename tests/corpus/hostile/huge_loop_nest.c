// any
#define L(i) _Pragma("unroll") for (int i = 0; i < 64; i++)
int kprobe__a(struct pt_regs *ctx, int n)
{
	volatile int s = 0;
	L(a) L(b) L(c) L(d) s += a * b * c * d * n;
	return s;
}
