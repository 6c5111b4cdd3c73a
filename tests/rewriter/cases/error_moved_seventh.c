// retarget kfunc__vmlinux__many=kprobe:many
KFUNC_PROBE(many, int a, int b, int c, int d, int e, int f, int g)
{
	return g;
}
