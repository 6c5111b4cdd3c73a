/* Mutexes that a process holds, and the graph of which was taken while which was held. */
#include <linux/sched.h>
#include <uapi/linux/ptrace.h>

#define MAX_HELD_MUTEXES 16

struct held_mutex {
	u64 mutex;
	u64 stack_id;
};

struct thread_to_held {
	struct held_mutex held[MAX_HELD_MUTEXES];
};

struct edges_key {
	u64 mutex1;
	u64 mutex2;
};

struct edges_leaf {
	u64 stack1;
	u64 stack2;
	u32 thread_pid;
	char comm[TASK_COMM_LEN];
};

struct created_leaf {
	u64 stack_id;
	u32 parent_pid;
	char comm[TASK_COMM_LEN];
};

BPF_HASH(held_by, u32, struct thread_to_held, 2048);
BPF_HASH(edges, struct edges_key, struct edges_leaf, 65536);
BPF_HASH(parents, u32, struct created_leaf, 10240);
BPF_STACK_TRACE(stack_traces, 4096);

int trace_mutex_acquire(struct pt_regs *ctx, void *mutex_addr)
{
	u64 mutex = (u64)mutex_addr;
	u32 pid = bpf_get_current_pid_tgid();
	struct thread_to_held empty = {};
	struct thread_to_held *leaf = held_by.lookup_or_try_init(&pid, &empty);

	if (!leaf)
		return 1;

	/* negative ones are errors and of no use */
	u64 stack_id = stack_traces.get_stackid(ctx, BPF_F_USER_STACK);
	int added = 0;

#pragma unroll
	for (int i = 0; i < MAX_HELD_MUTEXES; ++i) {
		if (leaf->held[i].mutex == mutex)
			return 1; /* taken again by its owner */
		if (!added && leaf->held[i].mutex == 0) {
			leaf->held[i].mutex = mutex;
			leaf->held[i].stack_id = stack_id;
			added = 1;
		}
	}
	for (int i = 0; i < MAX_HELD_MUTEXES; ++i) {
		struct edges_key edge = {};
		struct edges_leaf to = {};

		if (leaf->held[i].mutex == 0 || leaf->held[i].mutex == mutex)
			continue;
		edge.mutex1 = leaf->held[i].mutex;
		edge.mutex2 = mutex;
		to.stack1 = leaf->held[i].stack_id;
		to.stack2 = stack_id;
		to.thread_pid = pid;
		bpf_get_current_comm(&to.comm, sizeof(to.comm));
		if (edges.insert(&edge, &to) == -EEXIST)
			continue;
	}
	return 0;
}

int trace_mutex_release(struct pt_regs *ctx, void *mutex_addr)
{
	u64 mutex = (u64)mutex_addr;
	u32 pid = bpf_get_current_pid_tgid();
	struct thread_to_held *leaf = held_by.lookup(&pid);

	if (!leaf)
		return 1;
#pragma unroll
	for (int i = 0; i < MAX_HELD_MUTEXES; ++i) {
		if (leaf->held[i].mutex == mutex) {
			leaf->held[i].mutex = 0;
			leaf->held[i].stack_id = 0;
		}
	}
	return 0;
}

int trace_clone(struct pt_regs *ctx)
{
	u32 child = PT_REGS_RC(ctx);
	struct created_leaf leaf = {};
	struct created_leaf *kept;

	if (child == 0 || (int)child < 0)
		return 0;
	kept = parents.lookup_or_try_init(&child, &leaf);
	if (!kept)
		return 0;
	kept->stack_id = stack_traces.get_stackid(ctx, BPF_F_USER_STACK | BPF_F_REUSE_STACKID);
	kept->parent_pid = bpf_get_current_pid_tgid();
	bpf_get_current_comm(&kept->comm, sizeof(kept->comm));
	return 0;
}
