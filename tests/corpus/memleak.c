/*
 * Allocations that are not freed, by stack: user functions, kernel tracepoints, and a table of sums
 * that a helper of its own keeps.
 */
#include <uapi/linux/ptrace.h>

#ifndef EVERY_NTH
#define EVERY_NTH 10
#endif

struct alloc_info_t {
	u64 size;
	u64 timestamp_ns;
	int stack_id;
};

struct combined_alloc_info_t {
	u64 total_size;
	u64 number_of_allocs;
};

BPF_HASH(sizes, u64);
BPF_HASH(allocs, u64, struct alloc_info_t, 1000000);
BPF_HASH(memptrs, u64, u64);
BPF_STACK_TRACE(stack_traces, 10240);
BPF_HASH(combined_allocs, u64, struct combined_alloc_info_t, 10240);

static inline void update_statistics_add(u64 stack_id, u64 sz)
{
	struct combined_alloc_info_t *existing_cinfo;
	struct combined_alloc_info_t cinfo = {0};

	existing_cinfo = combined_allocs.lookup(&stack_id);
	if (!existing_cinfo) {
		combined_allocs.update(&stack_id, &cinfo);
		existing_cinfo = combined_allocs.lookup(&stack_id);
		if (!existing_cinfo)
			return;
	}
	__sync_fetch_and_add(&existing_cinfo->total_size, sz);
	__sync_fetch_and_add(&existing_cinfo->number_of_allocs, 1);
}

static inline void update_statistics_del(u64 stack_id, u64 sz)
{
	struct combined_alloc_info_t *existing_cinfo = combined_allocs.lookup(&stack_id);

	if (!existing_cinfo)
		return;
	if (existing_cinfo->number_of_allocs > 1) {
		__sync_fetch_and_sub(&existing_cinfo->total_size, sz);
		__sync_fetch_and_sub(&existing_cinfo->number_of_allocs, 1);
	} else {
		combined_allocs.delete(&stack_id);
	}
}

static inline int gen_alloc_enter(struct pt_regs *ctx, size_t size)
{
	u32 tid = bpf_get_current_pid_tgid();
	u64 key = tid, size64 = size;

	if (bpf_ktime_get_ns() % EVERY_NTH != 0)
		return 0;
	sizes.update(&key, &size64);
	return 0;
}

static inline int gen_alloc_exit2(void *ctx, u64 address)
{
	u32 tid = bpf_get_current_pid_tgid();
	u64 key = tid;
	u64 *size64 = sizes.lookup(&key);
	struct alloc_info_t info = {0};

	if (size64 == 0)
		return 0;
	info.size = *size64;
	sizes.delete(&key);
	if (address != 0 && address != 0xffffffffffffffffULL) {
		info.timestamp_ns = bpf_ktime_get_ns();
		info.stack_id = stack_traces.get_stackid(ctx, BPF_F_USER_STACK);
		allocs.update(&address, &info);
		update_statistics_add(info.stack_id, info.size);
	}
	return 0;
}

static inline int gen_free_enter(void *ctx, void *address)
{
	u64 addr = (u64)address;
	struct alloc_info_t *info = allocs.lookup(&addr);

	if (info == 0)
		return 0;
	allocs.delete(&addr);
	update_statistics_del(info->stack_id, info->size);
	return 0;
}

int malloc_enter(struct pt_regs *ctx, size_t size) { return gen_alloc_enter(ctx, size); }
int malloc_exit(struct pt_regs *ctx) { return gen_alloc_exit2(ctx, PT_REGS_RC(ctx)); }
int free_enter(struct pt_regs *ctx, void *address) { return gen_free_enter(ctx, address); }
int calloc_enter(struct pt_regs *ctx, size_t nmemb, size_t size)
{
	return gen_alloc_enter(ctx, nmemb * size);
}

int posix_memalign_enter(struct pt_regs *ctx, void **memptr, size_t alignment, size_t size)
{
	u64 memptr64 = (u64)(size_t)memptr;
	u64 tid = bpf_get_current_pid_tgid() & 0xffffffff;

	memptrs.update(&tid, &memptr64);
	return gen_alloc_enter(ctx, size);
}

int posix_memalign_exit(struct pt_regs *ctx)
{
	u64 tid = bpf_get_current_pid_tgid() & 0xffffffff;
	u64 *memptr64 = memptrs.lookup(&tid);
	void *addr;

	if (memptr64 == 0)
		return 0;
	memptrs.delete(&tid);
	if (bpf_probe_read_user(&addr, sizeof(void *), (void *)(size_t)*memptr64))
		return 0;
	return gen_alloc_exit2(ctx, (u64)(size_t)addr);
}

TRACEPOINT_PROBE(kmem, kmalloc)
{
	gen_alloc_enter((struct pt_regs *)args, args->bytes_alloc);
	return gen_alloc_exit2((struct pt_regs *)args, (size_t)args->ptr);
}

TRACEPOINT_PROBE(kmem, kfree)
{
	return gen_free_enter((struct pt_regs *)args, (void *)args->ptr);
}

TRACEPOINT_PROBE(kmem, mm_page_alloc)
{
	gen_alloc_enter((struct pt_regs *)args, (size_t)PAGE_SIZE << args->order);
	return gen_alloc_exit2((struct pt_regs *)args, args->pfn);
}
