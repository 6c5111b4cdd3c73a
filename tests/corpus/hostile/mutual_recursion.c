// any
static int g(struct task_struct *t);
static int f(struct task_struct *t) { return g(t->real_parent); }
static int g(struct task_struct *t) { return t ? f(t->group_leader) : 0; }
int kprobe__a(struct pt_regs *ctx, struct task_struct *t) { return f(t); }
