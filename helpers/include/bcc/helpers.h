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

#include <bpf/bpf_tracing.h>
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
#define __BCC_CALL_METHOD void (*call)(void *, int);
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
		__BCC_CALL_METHOD)
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
/* Texts from its early days write no semicolon after it. */
#define BPF_STACK_TRACE(name, max) __BCC_STACKS(name, max, 0);
#define BPF_STACK_TRACE_BUILDID(name, max) \
	__BCC_TABLE("stacktrace", BPF_MAP_TYPE_STACK_TRACE, int, struct bpf_stacktrace_buildid, \
		    name, __BCC_POW2(max), BPF_F_STACK_BUILD_ID, \
		    __BCC_LOOKUP(int, struct bpf_stacktrace_buildid) __BCC_DELETE(int) \
		    __BCC_STACK_METHODS)

#define BPF_PROG_ARRAY(name, max) \
	__BCC_TABLE("prog", BPF_MAP_TYPE_PROG_ARRAY, u32, u32, name, max, 0, \
		    __BCC_CALL_METHOD __BCC_DELETE(u32))

#define BPF_PERF_OUTPUT(name) __BCC_BUFFER("perf_output", BPF_MAP_TYPE_PERF_EVENT_ARRAY, name, 0, \
					   __BCC_PERF_OUTPUT_METHODS)
#define BPF_PERF_ARRAY(name, max) __BCC_BUFFER("perf_array", BPF_MAP_TYPE_PERF_EVENT_ARRAY, name, \
					       max, __BCC_PERF_ARRAY_METHODS)
#define BPF_RINGBUF_OUTPUT(name, pages) __BCC_BUFFER("ringbuf", BPF_MAP_TYPE_RINGBUF, name, \
						     (pages) * PAGE_SIZE, __BCC_RINGBUF_METHODS)
#define BPF_USER_RINGBUF(name, pages) \
	__BCC_BUFFER("user_ringbuf", BPF_MAP_TYPE_USER_RINGBUF, name, (pages) * PAGE_SIZE, \
		     long (*user_ringbuf_drain)(void *, void *, unsigned long long);)

/* Memory that programs and user space have in common, at the same addresses. */
#define __arena __attribute__((address_space(1)))
#define BPF_ARENA(name, pages) \
	__BCC_BUFFER("arena", 0, name, pages, void __arena *(*alloc_pages)(unsigned int); \
		     void __arena *(*pointer)(unsigned long long); \
		     void (*free_pages)(void __arena *, unsigned int);)

/* Values without keys. */
#define __BCC_VALUES(kind, map_type, name, leaf_t, max, flag, methods) \
	struct name##_table_t { leaf_t leaf; int (*type)[map_type]; int (*max_entries)[max]; \
		int (*flags)[(flag) + 1]; methods } __attribute__((annotate("bcc_table:" kind))) name
#define BPF_QUEUESTACK(kind, name, leaf_t, max, flag) \
	__BCC_VALUES(kind, 0, name, leaf_t, max, flag, __BCC_QUEUE_METHODS(leaf_t))
#define __BCC_QUEUE3(name, leaf_t, max) BPF_QUEUESTACK("queue", name, leaf_t, max, 0)
#define __BCC_QUEUE4(name, leaf_t, max, flag) BPF_QUEUESTACK("queue", name, leaf_t, max, flag)
#define BPF_QUEUE(...) __BCC_PICK4(__VA_ARGS__, __BCC_QUEUE4, __BCC_QUEUE3)(__VA_ARGS__)
#define __BCC_STACK3(name, leaf_t, max) BPF_QUEUESTACK("stack", name, leaf_t, max, 0)
#define __BCC_STACK4(name, leaf_t, max, flag) BPF_QUEUESTACK("stack", name, leaf_t, max, flag)
#define BPF_STACK(...) __BCC_PICK4(__VA_ARGS__, __BCC_STACK4, __BCC_STACK3)(__VA_ARGS__)
#define BPF_BLOOM_FILTER(name, leaf_t, max) \
	__BCC_VALUES("bloom_filter", BPF_MAP_TYPE_BLOOM_FILTER, name, leaf_t, max, 0, \
		     int (*push)(leaf_t *, int); int (*peek)(leaf_t *);)

#define __BCC_LPM1(name) __BCC_LPM4(name, u64, u64, 10240)
#define __BCC_LPM2(name, key_t) __BCC_LPM4(name, key_t, u64, 10240)
#define __BCC_LPM3(name, key_t, leaf_t) __BCC_LPM4(name, key_t, leaf_t, 10240)
#define __BCC_LPM4(name, key_t, leaf_t, max) \
	__BCC_HASHLIKE("lpm_trie", BPF_MAP_TYPE_LPM_TRIE, name, key_t, leaf_t, max)
#define BPF_LPM_TRIE(...) __BCC_PICK4(__VA_ARGS__, __BCC_LPM4, __BCC_LPM3, __BCC_LPM2, \
				      __BCC_LPM1)(__VA_ARGS__)

/* Descriptors and devices. */
#define BPF_CGROUP_ARRAY(name, max) \
	__BCC_TABLE("cgroup_array", BPF_MAP_TYPE_CGROUP_ARRAY, u32, u32, name, max, 0, \
		    int (*check_current_task)(int);)
#define __BCC_REDIRECT int (*redirect_map)(int, unsigned long long);
#define BPF_DEVMAP(name, max) __BCC_TABLE("devmap", BPF_MAP_TYPE_DEVMAP, int, int, name, max, 0, \
					  __BCC_REDIRECT)
#define __BCC_DEVMAP_HASH1(name) __BCC_DEVMAP_HASH3(name, u32, 10240)
#define __BCC_DEVMAP_HASH2(name, key_t) __BCC_DEVMAP_HASH3(name, key_t, 10240)
#define __BCC_DEVMAP_HASH3(name, key_t, max) \
	__BCC_TABLE("devmap_hash", BPF_MAP_TYPE_DEVMAP_HASH, key_t, int, name, max, 0, __BCC_REDIRECT)
#define BPF_DEVMAP_HASH(...) __BCC_PICK3(__VA_ARGS__, __BCC_DEVMAP_HASH3, __BCC_DEVMAP_HASH2, \
					 __BCC_DEVMAP_HASH1)(__VA_ARGS__)
#define BPF_CPUMAP(name, max) __BCC_TABLE("cpumap", BPF_MAP_TYPE_CPUMAP, u32, u32, name, max, 0, \
					  __BCC_REDIRECT)
#define __BCC_XSKMAP2(name, max) \
	__BCC_TABLE("xskmap", BPF_MAP_TYPE_XSKMAP, int, int, name, max, 0, \
		    __BCC_REDIRECT __BCC_LOOKUP(int, int))
#define __BCC_XSKMAP3(name, max, path) __BCC_XSKMAP2(name, max); __BCC_PIN(name, path)
#define BPF_XSKMAP(...) __BCC_PICK3(__VA_ARGS__, __BCC_XSKMAP3, __BCC_XSKMAP2)(__VA_ARGS__)

#define __BCC_SOCK_METHODS(key_t) int (*update)(key_t *, int *); int (*delete)(key_t *); \
	void *(*lookup)(key_t *); \
	int (*sock_map_update)(void *, key_t *, unsigned long long); \
	int (*sock_hash_update)(void *, key_t *, unsigned long long); \
	int (*msg_redirect_map)(void *, key_t, unsigned long long); \
	int (*sk_redirect_map)(void *, key_t, unsigned long long); \
	int (*msg_redirect_hash)(void *, key_t *, unsigned long long); \
	int (*sk_redirect_hash)(void *, key_t *, unsigned long long);
#define BPF_SOCKMAP(name, max) __BCC_TABLE("sockmap", BPF_MAP_TYPE_SOCKMAP, u32, int, name, max, 0, \
					   __BCC_SOCK_METHODS(u32))
#define __BCC_SOCKHASH1(name) __BCC_SOCKHASH3(name, u32, 10240)
#define __BCC_SOCKHASH2(name, key_t) __BCC_SOCKHASH3(name, key_t, 10240)
#define __BCC_SOCKHASH3(name, key_t, max) \
	__BCC_TABLE("sockhash", BPF_MAP_TYPE_SOCKHASH, key_t, int, name, max, 0, \
		    __BCC_SOCK_METHODS(key_t))
#define BPF_SOCKHASH(...) __BCC_PICK3(__VA_ARGS__, __BCC_SOCKHASH3, __BCC_SOCKHASH2, \
				      __BCC_SOCKHASH1)(__VA_ARGS__)
#define BPF_REUSEPORT_SOCKARRAY(name, max) \
	__BCC_TABLE("reuseport_sockarray", BPF_MAP_TYPE_REUSEPORT_SOCKARRAY, u32, u64, name, max, 0, \
		    int (*sk_select_reuseport)(void *, u32 *, unsigned long long);)

/* Values that hang on a socket, file, task or cgroup. */
#define __BCC_STORAGE(kind, map_type, name, leaf_t, method) \
	__BCC_TABLE(kind, map_type, int, leaf_t, name, 1, BPF_F_NO_PREALLOC, \
		    leaf_t *(*method##_get)(void *, void *, int); int (*method##_delete)(void *);)
#define BPF_SK_STORAGE(name, leaf_t) \
	__BCC_STORAGE("sk_storage", BPF_MAP_TYPE_SK_STORAGE, name, leaf_t, sk_storage)
#define BPF_INODE_STORAGE(name, leaf_t) \
	__BCC_STORAGE("inode_storage", BPF_MAP_TYPE_INODE_STORAGE, name, leaf_t, inode_storage)
#define BPF_TASK_STORAGE(name, leaf_t) \
	__BCC_STORAGE("task_storage", BPF_MAP_TYPE_TASK_STORAGE, name, leaf_t, task_storage)
#define BPF_CGRP_STORAGE(name, leaf_t) \
	__BCC_STORAGE("cgrp_storage", BPF_MAP_TYPE_CGRP_STORAGE, name, leaf_t, cgrp_storage)
#define __BCC_CGROUP_STORAGE(kind, map_type, name, leaf_t) \
	__BCC_TABLE(kind, map_type, struct bpf_cgroup_storage_key, leaf_t, name, 1, 0, \
		    leaf_t *(*get_local_storage)(unsigned long long);)
#define BPF_CGROUP_STORAGE(name, leaf_t) \
	__BCC_CGROUP_STORAGE("cgroup_storage", BPF_MAP_TYPE_CGROUP_STORAGE, name, leaf_t)
#define BPF_PERCPU_CGROUP_STORAGE(name, leaf_t) \
	__BCC_CGROUP_STORAGE("percpu_cgroup_storage", BPF_MAP_TYPE_PERCPU_CGROUP_STORAGE, name, \
			     leaf_t)

/* Tables of tables: what each holds looks like the table of that name, declared before. */
#define BPF_ARRAY_OF_MAPS(name, inner, max) \
	__BCC_TABLE("array_of_maps$" inner, BPF_MAP_TYPE_ARRAY_OF_MAPS, int, int, name, max, 0, \
		    void *(*lookup)(int *); int (*update)(int *, int *); int (*delete)(int *);)
#define __BCC_HASH_OF_MAPS2(name, inner) __BCC_HASH_OF_MAPS4(name, int, inner, 10240)
#define __BCC_HASH_OF_MAPS3(name, key_t, inner) __BCC_HASH_OF_MAPS4(name, key_t, inner, 10240)
#define __BCC_HASH_OF_MAPS4(name, key_t, inner, max) \
	__BCC_TABLE("hash_of_maps$" inner, BPF_MAP_TYPE_HASH_OF_MAPS, key_t, int, name, max, 0, \
		    void *(*lookup)(key_t *); int (*update)(key_t *, int *); int (*delete)(key_t *);)
#define BPF_HASH_OF_MAPS(...) __BCC_PICK4(__VA_ARGS__, __BCC_HASH_OF_MAPS4, __BCC_HASH_OF_MAPS3, \
					  __BCC_HASH_OF_MAPS2)(__VA_ARGS__)

/* Where else a table is known: on bpffs, or by the other modules of its context. */
#define __BCC_PIN(name, path) static int name##_pin \
	__attribute__((section(".bcc.tables"), used, btf_decl_tag(path)))
#define __BCC_SHARE(name) static int name##_public __attribute__((section(".bcc.tables"), used))
#define __BCC_PINNED6(kind, key_t, leaf_t, name, max, path) \
	BPF_TABLE(kind, key_t, leaf_t, name, max); __BCC_PIN(name, path)
#define __BCC_PINNED7(kind, key_t, leaf_t, name, max, path, flag) \
	BPF_F_TABLE(kind, key_t, leaf_t, name, max, flag); __BCC_PIN(name, path)
#define __BCC_PICK7(_1, _2, _3, _4, _5, _6, _7, macro, ...) macro
#define BPF_TABLE_PINNED(...) __BCC_PICK7(__VA_ARGS__, __BCC_PINNED7, __BCC_PINNED6)(__VA_ARGS__)
#define BPF_TABLE_PUBLIC(kind, key_t, leaf_t, name, max) \
	BPF_TABLE(kind, key_t, leaf_t, name, max); __BCC_SHARE(name)
#define __BCC_SHARED5(kind, key_t, leaf_t, name, max) \
	BPF_TABLE(kind, key_t, leaf_t, name, max); __BCC_SHARE(name)
#define __BCC_SHARED6(kind, key_t, leaf_t, name, max, flag) \
	BPF_F_TABLE(kind, key_t, leaf_t, name, max, flag); __BCC_SHARE(name)
#define __BCC_PICK6(_1, _2, _3, _4, _5, _6, macro, ...) macro
#define BPF_TABLE_SHARED(...) __BCC_PICK6(__VA_ARGS__, __BCC_SHARED6, __BCC_SHARED5)(__VA_ARGS__)
#define BPF_QUEUESTACK_PINNED(kind, name, leaf_t, max, flag, path) \
	BPF_QUEUESTACK(kind, name, leaf_t, max, flag); __BCC_PIN(name, path)
#define BPF_QUEUESTACK_PUBLIC(kind, name, leaf_t, max, flag) \
	BPF_QUEUESTACK(kind, name, leaf_t, max, flag); __BCC_SHARE(name)
#define BPF_QUEUESTACK_SHARED(kind, name, leaf_t, max, flag) \
	BPF_QUEUESTACK(kind, name, leaf_t, max, flag); __BCC_SHARE(name)

/* Programs that say by their name where they belong. */
#define TRACEPOINT_PROBE(category, event) \
	int tracepoint__##category##__##event(struct tracepoint__##category##__##event *args)
#define RAW_TRACEPOINT_PROBE(event) \
	int raw_tracepoint__##event(struct bpf_raw_tracepoint_args *ctx)

/* Trampolines: the arguments are typed, and the verifier follows them by itself. */
#define __BCC_WORDS_PROBE(name, args...) int name(unsigned long long *ctx, ##args)
#define KFUNC_PROBE(event, args...) __BCC_WORDS_PROBE(kfunc__vmlinux__##event, ##args)
#define KRETFUNC_PROBE(event, args...) __BCC_WORDS_PROBE(kretfunc__vmlinux__##event, ##args)
#define MODULE_KFUNC_PROBE(module, event, args...) \
	__BCC_WORDS_PROBE(kfunc__##module##__##event, ##args)
#define MODULE_KRETFUNC_PROBE(module, event, args...) \
	__BCC_WORDS_PROBE(kretfunc__##module##__##event, ##args)
#define KMOD_RET(event, args...) __BCC_WORDS_PROBE(kmod_ret__##event, ##args)
#define LSM_PROBE(event, args...) __BCC_WORDS_PROBE(lsm__##event, ##args)
/* Programs in the place of a kernel struct's functions, and the struct that they are put into:
 * BPF_STRUCT_OPS(tcp_congestion_ops, mine) { .ssthresh = my_ssthresh, .name = "mine" }; */
#define STRUCT_OPS_PROBE(name, args...) SEC("struct_ops") __BCC_WORDS_PROBE(name, ##args)
#define BPF_STRUCT_OPS(type, name) SEC(".struct_ops") struct type name =
#define BPF_ITER(target) int bpf_iter__##target(struct bpf_iter__##target *ctx)

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
