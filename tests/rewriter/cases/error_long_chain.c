struct link {
	struct link *n;
};

int kprobe__do_exit(struct pt_regs *ctx, struct link *p)
{
	return p->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n
		->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n
		->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n
		->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n->n == 0;
}
