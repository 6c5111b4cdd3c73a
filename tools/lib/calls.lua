-- C text that pairs the calls and returns of functions, also of nested and recursive ones. The tool
-- adds for each of its functions a line FUNCTION(number), which makes enter_NUMBER() and
-- leave_NUMBER(), and
--	static inline void returned(u64 func, u64 ns)
-- It defines DEPTH, how deep calls may be nested, ARGUMENTS_ONLY where hooks have no registers, and
-- ALL_RETURN: 1 where each call returns, so that one whose return is not seen counts as lost, else 0.
-- The return is to be attached before the entry: an entry whose return is not seen would stay.
local calls = {}

calls.text = [[
struct frame {
	u64 ts;
	u64 sp;
	u64 func;
};
struct stack {
	u64 depth;
	struct frame frames[DEPTH];
};
/* Threads end within functions, too: what they leave gives way to others. */
BPF_LRU_HASH(stacks, u32, struct stack, 10240);
BPF_PERCPU_ARRAY(empty, struct stack, 1);

static inline void returned(u64 func, u64 ns);

static inline struct stack *stack_of(u32 tid)
{
	struct stack *stack = stacks.lookup(&tid), *first;
	int zero = 0;

	if (stack)
		return stack;
	first = empty.lookup(&zero);
	return first ? stacks.lookup_or_try_init(&tid, first) : 0;
}

/* Frames that are not above this one have ended without their return being seen: the kernel runs
 * out of places for that, programs jump. sp is 0 where nobody says. */
static inline void unwind(struct stack *stack, u64 sp)
{
	u64 depth = stack->depth;

	for (int i = DEPTH - 1; i >= 0; i--)
		if (i < stack->depth && stack->frames[i].sp <= sp)
			stack->depth = i;
	if (ALL_RETURN && depth != stack->depth)
		tool_miss();
}

/* Old verifiers only know the bounds of what was compared itself, not of what it was made from. */
#define KNOWN_BY_ITSELF(x) asm volatile("" : "+r"(x))

/* Calls that are nested deeper than there is room are left out. */
static inline int enter(u64 func, u64 sp)
{
	struct stack *stack;
	u64 i;

	if (tool_skip())
		return 0;
	stack = stack_of(bpf_get_current_pid_tgid());
	if (!stack) {
		tool_miss();
		return 0;
	}
	if (sp)
		unwind(stack, sp);
	i = stack->depth++;
	KNOWN_BY_ITSELF(i);
	if (i < DEPTH) {
		stack->frames[i].func = func;
		stack->frames[i].sp = sp;
		stack->frames[i].ts = bpf_ktime_get_ns();
	}
	return 0;
}

static inline int leave(u64 func)
{
	u64 now = bpf_ktime_get_ns(), i;
	u32 tid = bpf_get_current_pid_tgid();
	struct stack *stack = stacks.lookup(&tid);

	if (!stack || !stack->depth)
		return 0;
	i = --stack->depth;
	KNOWN_BY_ITSELF(i);
	if (i < DEPTH && stack->frames[i].func == func)
		returned(func, now - stack->frames[i].ts);
	if (!i)
		stacks.delete(&tid);
	return 0;
}

#ifdef ARGUMENTS_ONLY
#define SP 0
#else
#define SP PT_REGS_SP(ctx)
#endif
#define FUNCTION(func) \
	int enter_##func(struct pt_regs *ctx) { return enter(func, SP); } \
	int leave_##func(struct pt_regs *ctx) { return leave(func); }
]]

return calls
