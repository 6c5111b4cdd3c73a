/*
 * The dialect: what a program written for BCC sees without including anything. It is included in
 * front of every text.
 *
 * A table macro declares a variable of a struct type whose members are the table's methods, as
 * pointers to functions, so that the text is valid C and clang checks every call. The rewriter
 * knows the variable by its annotation and replaces both the declaration and the calls. Numbers
 * travel as array sizes, as in libbpf's own map definitions: int (*max_entries)[1024].
 *
 * Which methods a kind of table has is said here and in rewriter/methods.c.
 */
#ifndef BCC_HELPERS_H
#define BCC_HELPERS_H

#include <bpf/bpf_helpers.h>
#include <linux/compiler.h>
#include <linux/types.h>
#include <linux/version.h>
#include <linux/log2.h>
#include <asm/page.h>
#include <bcc/ptrace.h>

#define BPF_MAX_STACK_DEPTH 127
#define CUR_CPU_IDENTIFIER BPF_F_CURRENT_CPU
#define BCC_SEC(name) SEC(name)

/* Methods, by what a table can do. */
#define __BCC_LOOKUP(key_t, leaf_t) leaf_t *(*lookup)(key_t *);
#define __BCC_UPDATE(key_t, leaf_t) int (*update)(key_t *, leaf_t *); \
	int (*insert)(key_t *, leaf_t *);
#define __BCC_DELETE(key_t) int (*delete)(key_t *);
#define __BCC_INIT(key_t, leaf_t) leaf_t *(*lookup_or_init)(key_t *, leaf_t *); \
	leaf_t *(*lookup_or_try_init)(key_t *, leaf_t *);
#define __BCC_COUNT(key_t) void (*increment)(key_t, ...); void (*atomic_increment)(key_t, ...);

#define __BCC_HASH_METHODS(key_t, leaf_t) __BCC_LOOKUP(key_t, leaf_t) __BCC_UPDATE(key_t, leaf_t) \
	__BCC_DELETE(key_t) __BCC_INIT(key_t, leaf_t) __BCC_COUNT(key_t)
#define __BCC_QUEUE_METHODS(leaf_t) int (*push)(leaf_t *, int); int (*pop)(leaf_t *); \
	int (*peek)(leaf_t *);
#define __BCC_PERF_OUTPUT_METHODS int (*perf_submit)(void *, void *, unsigned int); \
	int (*perf_submit_skb)(void *, unsigned int, void *, unsigned int);
#define __BCC_PERF_ARRAY_METHODS unsigned long long (*perf_read)(int); \
	int (*perf_counter_value)(int, void *, unsigned int);
#define __BCC_RINGBUF_METHODS int (*ringbuf_output)(void *, unsigned long long, unsigned long long); \
	void *(*ringbuf_reserve)(unsigned long long); \
	void (*ringbuf_submit)(void *, unsigned long long); \
	void (*ringbuf_discard)(void *, unsigned long long); \
	unsigned long long (*ringbuf_query)(unsigned long long);
#define __BCC_STACK_METHODS int (*get_stackid)(void *, unsigned long long);

/* The declaration of every table: annotation, key and value, numbers, methods. */
#define __BCC_TABLE(kind, map_type, key_t, leaf_t, name, max, flag, methods) \
	struct name##_table_t { key_t key; leaf_t leaf; int (*type)[map_type]; \
		int (*max_entries)[max]; int (*flags)[(flag) + 1]; methods } \
	__attribute__((annotate("bcc_table:" kind))) name

/* Without keys or values. */
#define __BCC_BUFFER(kind, map_type, name, max, methods) \
	struct name##_table_t { int (*type)[map_type]; int (*max_entries)[(max) + 1]; methods } \
	__attribute__((annotate("bcc_table:" kind))) name

/* BPF_TABLE("kind", ...): the kind is a string, so the rewriter picks the map type by it and all
 * methods are declared; what the kind does not have is refused there. */
#define BPF_F_TABLE(kind, key_t, leaf_t, name, max, flag) \
	__BCC_TABLE(kind, 0, key_t, leaf_t, name, max, flag, __BCC_HASH_METHODS(key_t, leaf_t) \
		__BCC_STACK_METHODS __BCC_PERF_ARRAY_METHODS __BCC_PERF_OUTPUT_METHODS \
		void (*call)(void *, int);)
#define BPF_TABLE(kind, key_t, leaf_t, name, max) BPF_F_TABLE(kind, key_t, leaf_t, name, max, 0)

/* Default arguments: __BCC_PICK5(args, ..., default macro names). */
#define __BCC_PICK4(_1, _2, _3, _4, macro, ...) macro
#define __BCC_PICK3(_1, _2, _3, macro, ...) macro

#define __BCC_HASHLIKE(kind, map_type, name, key_t, leaf_t, max) \
	__BCC_TABLE(kind, map_type, key_t, leaf_t, name, max, 0, __BCC_HASH_METHODS(key_t, leaf_t))

#define __BCC_HASH1(name) __BCC_HASH4(name, u64, u64, 10240)
#define __BCC_HASH2(name, key_t) __BCC_HASH4(name, key_t, u64, 10240)
#define __BCC_HASH3(name, key_t, leaf_t) __BCC_HASH4(name, key_t, leaf_t, 10240)
#define __BCC_HASH4(name, key_t, leaf_t, max) \
	__BCC_HASHLIKE("hash", BPF_MAP_TYPE_HASH, name, key_t, leaf_t, max)
#define BPF_HASH(...) __BCC_PICK4(__VA_ARGS__, __BCC_HASH4, __BCC_HASH3, __BCC_HASH2, \
				  __BCC_HASH1)(__VA_ARGS__)

#define __BCC_PCPU_HASH1(name) __BCC_PCPU_HASH4(name, u64, u64, 10240)
#define __BCC_PCPU_HASH2(name, key_t) __BCC_PCPU_HASH4(name, key_t, u64, 10240)
#define __BCC_PCPU_HASH3(name, key_t, leaf_t) __BCC_PCPU_HASH4(name, key_t, leaf_t, 10240)
#define __BCC_PCPU_HASH4(name, key_t, leaf_t, max) \
	__BCC_HASHLIKE("percpu_hash", BPF_MAP_TYPE_PERCPU_HASH, name, key_t, leaf_t, max)
#define BPF_PERCPU_HASH(...) __BCC_PICK4(__VA_ARGS__, __BCC_PCPU_HASH4, __BCC_PCPU_HASH3, \
					 __BCC_PCPU_HASH2, __BCC_PCPU_HASH1)(__VA_ARGS__)

#define __BCC_LRU1(name) __BCC_LRU4(name, u64, u64, 10240)
#define __BCC_LRU2(name, key_t) __BCC_LRU4(name, key_t, u64, 10240)
#define __BCC_LRU3(name, key_t, leaf_t) __BCC_LRU4(name, key_t, leaf_t, 10240)
#define __BCC_LRU4(name, key_t, leaf_t, max) \
	__BCC_HASHLIKE("lru_hash", BPF_MAP_TYPE_LRU_HASH, name, key_t, leaf_t, max)
#define BPF_LRU_HASH(...) __BCC_PICK4(__VA_ARGS__, __BCC_LRU4, __BCC_LRU3, __BCC_LRU2, \
				      __BCC_LRU1)(__VA_ARGS__)

#define __BCC_PCPU_LRU1(name) __BCC_PCPU_LRU4(name, u64, u64, 10240)
#define __BCC_PCPU_LRU2(name, key_t) __BCC_PCPU_LRU4(name, key_t, u64, 10240)
#define __BCC_PCPU_LRU3(name, key_t, leaf_t) __BCC_PCPU_LRU4(name, key_t, leaf_t, 10240)
#define __BCC_PCPU_LRU4(name, key_t, leaf_t, max) \
	__BCC_HASHLIKE("lru_percpu_hash", BPF_MAP_TYPE_LRU_PERCPU_HASH, name, key_t, leaf_t, max)
#define BPF_LRU_PERCPU_HASH(...) __BCC_PICK4(__VA_ARGS__, __BCC_PCPU_LRU4, __BCC_PCPU_LRU3, \
					     __BCC_PCPU_LRU2, __BCC_PCPU_LRU1)(__VA_ARGS__)

#define __BCC_ARRAY_METHODS(leaf_t) __BCC_LOOKUP(int, leaf_t) __BCC_UPDATE(int, leaf_t) \
	__BCC_DELETE(int) __BCC_INIT(int, leaf_t) __BCC_COUNT(int)
#define __BCC_ARRAY1(name) __BCC_ARRAY3(name, u64, 10240)
#define __BCC_ARRAY2(name, leaf_t) __BCC_ARRAY3(name, leaf_t, 10240)
#define __BCC_ARRAY3(name, leaf_t, max) __BCC_TABLE("array", BPF_MAP_TYPE_ARRAY, int, leaf_t, \
						    name, max, 0, __BCC_ARRAY_METHODS(leaf_t))
#define BPF_ARRAY(...) __BCC_PICK3(__VA_ARGS__, __BCC_ARRAY3, __BCC_ARRAY2, \
				   __BCC_ARRAY1)(__VA_ARGS__)

#define __BCC_PCPU_ARRAY1(name) __BCC_PCPU_ARRAY3(name, u64, 10240)
#define __BCC_PCPU_ARRAY2(name, leaf_t) __BCC_PCPU_ARRAY3(name, leaf_t, 10240)
#define __BCC_PCPU_ARRAY3(name, leaf_t, max) \
	__BCC_TABLE("percpu_array", BPF_MAP_TYPE_PERCPU_ARRAY, int, leaf_t, name, max, 0, \
		    __BCC_ARRAY_METHODS(leaf_t))
#define BPF_PERCPU_ARRAY(...) __BCC_PICK3(__VA_ARGS__, __BCC_PCPU_ARRAY3, __BCC_PCPU_ARRAY2, \
					  __BCC_PCPU_ARRAY1)(__VA_ARGS__)

/* The rewriter makes it an array when the key is an int, a hash otherwise. */
#define __BCC_HIST1(name) __BCC_HIST3(name, int, 64)
#define __BCC_HIST2(name, key_t) __BCC_HIST3(name, key_t, 64)
#define __BCC_HIST3(name, key_t, max) __BCC_TABLE("histogram", 0, key_t, u64, name, max, 0, \
						  __BCC_HASH_METHODS(key_t, u64))
#define BPF_HISTOGRAM(...) __BCC_PICK3(__VA_ARGS__, __BCC_HIST3, __BCC_HIST2, \
				       __BCC_HIST1)(__VA_ARGS__)

/* As an integer constant expression, which the kernel's own macro is not everywhere. */
#define __BCC_POW2(n) ((n) <= 1 ? 1 : 1ULL << (64 - __builtin_clzll(((n) - 1) | 1)))
#define __BCC_STACKS(name, max, flag) \
	__BCC_TABLE("stacktrace", BPF_MAP_TYPE_STACK_TRACE, int, struct bpf_stacktrace, name, \
		    __BCC_POW2(max), flag, __BCC_LOOKUP(int, struct bpf_stacktrace) \
		    __BCC_DELETE(int) __BCC_STACK_METHODS)
#define BPF_STACK_TRACE(name, max) __BCC_STACKS(name, max, 0)

#define BPF_PROG_ARRAY(name, max) \
	__BCC_TABLE("prog", BPF_MAP_TYPE_PROG_ARRAY, u32, u32, name, max, 0, \
		    void (*call)(void *, int); __BCC_DELETE(u32))

#define BPF_PERF_OUTPUT(name) __BCC_BUFFER("perf_output", BPF_MAP_TYPE_PERF_EVENT_ARRAY, name, 0, \
					   __BCC_PERF_OUTPUT_METHODS)
#define BPF_PERF_ARRAY(name, max) __BCC_BUFFER("perf_array", BPF_MAP_TYPE_PERF_EVENT_ARRAY, name, \
					       max, __BCC_PERF_ARRAY_METHODS)
#define BPF_RINGBUF_OUTPUT(name, pages) __BCC_BUFFER("ringbuf", BPF_MAP_TYPE_RINGBUF, name, \
						     (pages) * PAGE_SIZE, __BCC_RINGBUF_METHODS)

#define BPF_QUEUESTACK(kind, map_type, name, leaf_t, max, flag) \
	struct name##_table_t { leaf_t leaf; int (*type)[map_type]; int (*max_entries)[max]; \
		int (*flags)[(flag) + 1]; __BCC_QUEUE_METHODS(leaf_t) } \
	__attribute__((annotate("bcc_table:" kind))) name
#define __BCC_QUEUE3(name, leaf_t, max) __BCC_QUEUE4(name, leaf_t, max, 0)
#define __BCC_QUEUE4(name, leaf_t, max, flag) \
	BPF_QUEUESTACK("queue", BPF_MAP_TYPE_QUEUE, name, leaf_t, max, flag)
#define BPF_QUEUE(...) __BCC_PICK4(__VA_ARGS__, __BCC_QUEUE4, __BCC_QUEUE3)(__VA_ARGS__)
#define __BCC_STACK3(name, leaf_t, max) __BCC_STACK4(name, leaf_t, max, 0)
#define __BCC_STACK4(name, leaf_t, max, flag) \
	BPF_QUEUESTACK("stack", BPF_MAP_TYPE_STACK, name, leaf_t, max, flag)
#define BPF_STACK(...) __BCC_PICK4(__VA_ARGS__, __BCC_STACK4, __BCC_STACK3)(__VA_ARGS__)

/* Programs that say by their name where they belong. */
#define TRACEPOINT_PROBE(category, event) \
	int tracepoint__##category##__##event(struct tracepoint__##category##__##event *args)
#define RAW_TRACEPOINT_PROBE(event) \
	int raw_tracepoint__##event(struct bpf_raw_tracepoint_args *ctx)

/* Strings of tracepoint records: a field's place and length are in one int. */
#define TP_DATA_LOC_READ_CONST(dst, field, length) \
	bpf_probe_read_kernel((void *)dst, length, (char *)args + (args->data_loc_##field & 0xffff))
#define TP_DATA_LOC_READ(dst, field) \
	TP_DATA_LOC_READ_CONST(dst, field, (unsigned short)(args->data_loc_##field >> 16))
#define TP_DATA_LOC_READ_STR(dst, field, length) \
	bpf_probe_read_kernel_str((void *)dst, length, \
				  (char *)args + (args->data_loc_##field & 0xffff))

/* Byte order: BPF programs run in the host's, packets are big endian. */
#define bpf_ntohs(x) __builtin_bswap16(x)
#define bpf_htons(x) __builtin_bswap16(x)
#define bpf_ntohl(x) __builtin_bswap32(x)
#define bpf_htonl(x) __builtin_bswap32(x)
#define bpf_ntohll(x) __builtin_bswap64(x)
#define bpf_htonll(x) __builtin_bswap64(x)
#ifndef ntohs
#define ntohs(x) bpf_ntohs(x)
#define htons(x) bpf_htons(x)
#define ntohl(x) bpf_ntohl(x)
#define htonl(x) bpf_htonl(x)
#endif

#define lock_xadd(ptr, val) ((void)__sync_fetch_and_add(ptr, val))

#endif
