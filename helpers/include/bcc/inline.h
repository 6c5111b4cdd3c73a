/*
 * Types and functions that are put in front of a rewritten text when it names them, each with what
 * it needs in turn. Not for inclusion: the compiler picks single entries. Entries are separated by
 * one empty line; an entry's name is the first of these: what follows "struct", or what stands
 * before the first parenthesis.
 */

struct bpf_stacktrace {
	unsigned long long ip[127];
};

struct bpf_stacktrace_buildid {
	struct bpf_stack_build_id trace[127];
};

#define __bcc_arena __attribute__((address_space(1)))

/* The kernel lets a program use an arena's addresses when it mentions the arena. */
#define bcc_arena_pointer(map, address) ({ \
	void *__map = (map); \
	__asm__ volatile("" : : "r"(__map)); \
	(void __bcc_arena *)(address); })

extern void __bcc_arena *bpf_arena_alloc_pages(void *map, void __bcc_arena *at, unsigned int count,
	int node, unsigned long long flags) __attribute__((section(".ksyms")));

extern void bpf_arena_free_pages(void *map, void __bcc_arena *at, unsigned int count)
	__attribute__((section(".ksyms")));

/* The packet of a socket or traffic control program, in host byte order (LD_ABS and LD_IND). */
unsigned long long load_byte(void *skb, unsigned long long off) asm("llvm.bpf.load.byte");

unsigned long long load_half(void *skb, unsigned long long off) asm("llvm.bpf.load.half");

unsigned long long load_word(void *skb, unsigned long long off) asm("llvm.bpf.load.word");

static __always_inline unsigned long long load_dword(void *skb, unsigned long long off)
{
	return load_word(skb, off) << 32 | load_word(skb, off + 4);
}

/* The bits [first, first + bits) of the packet from byte off, counted from the most significant. */
static __always_inline unsigned long long bpf_dext_pkt(void *skb, unsigned long long off,
						       unsigned long long first,
						       unsigned long long bits)
{
	unsigned long long end = first + bits, v, room;

	if (end <= 8) {
		v = load_byte(skb, off);
		room = 8;
	} else if (end <= 16) {
		v = load_half(skb, off);
		room = 16;
	} else if (end <= 32) {
		v = load_word(skb, off);
		room = 32;
	} else {
		v = load_dword(skb, off);
		room = 64;
	}
	v >>= room - end;
	return bits < 64 ? v & ((1ULL << bits) - 1) : v;
}

/* Changes these bits. */
static __always_inline void bpf_dins_pkt(void *skb, unsigned long long off,
					 unsigned long long first, unsigned long long bits,
					 unsigned long long value)
{
	unsigned long long end = first + bits, room, mask, v;
	unsigned char bytes[8];
	int n;

	room = end <= 8 ? 8 : end <= 16 ? 16 : end <= 32 ? 32 : 64;
	n = room / 8;
	v = bpf_dext_pkt(skb, off, 0, room);
	mask = (bits < 64 ? (1ULL << bits) - 1 : ~0ULL) << (room - end);
	v = (v & ~mask) | ((value << (room - end)) & mask);
	for (int i = 0; i < 8; i++)
		bytes[i] = i < n ? v >> (8 * (n - 1 - i)) : 0;
	bpf_skb_store_bytes(skb, off, bytes, n, 0);
}

/* The checksums that change with a field, from and to in host byte order. */
static __always_inline int bcc_l3_csum_replace(void *skb, unsigned long long off,
					       unsigned long long from, unsigned long long to,
					       unsigned long long size)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	if (size == 2) {
		from = __builtin_bswap16(from);
		to = __builtin_bswap16(to);
	} else {
		from = __builtin_bswap32(from);
		to = __builtin_bswap32(to);
	}
#endif
	return bpf_l3_csum_replace(skb, off, from, to, size);
}

static __always_inline int bcc_l4_csum_replace(void *skb, unsigned long long off,
					       unsigned long long from, unsigned long long to,
					       unsigned long long flags)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	if ((flags & 15) == 2) {
		from = __builtin_bswap16(from);
		to = __builtin_bswap16(to);
	} else {
		from = __builtin_bswap32(from);
		to = __builtin_bswap32(to);
	}
#endif
	return bpf_l4_csum_replace(skb, off, from, to, flags);
}

/* The highest bit set: the floor of the logarithm. */
static __always_inline unsigned int bpf_log2(unsigned int v)
{
	unsigned int r, shift;

	r = (v > 0xFFFF) << 4;
	v >>= r;
	shift = (v > 0xFF) << 3;
	v >>= shift;
	r |= shift;
	shift = (v > 0xF) << 2;
	v >>= shift;
	r |= shift;
	shift = (v > 0x3) << 1;
	v >>= shift;
	r |= shift;
	return r | (v >> 1);
}

/* A histogram's slot: one more than the logarithm. */
static __always_inline unsigned int bpf_log2l(unsigned long long v)
{
	unsigned int high = v >> 32;

	return high ? bpf_log2(high) + 33 : bpf_log2(v) + 1;
}

static __always_inline void *bcc_lookup_or_try_init(void *map, const void *key, const void *init)
{
	void *value = bpf_map_lookup_elem(map, key);

	if (value)
		return value;
	bpf_map_update_elem(map, key, init, BPF_NOEXIST);
	return bpf_map_lookup_elem(map, key);
}

/* Adding to a value. The kinds of tables differ: a hash makes the entry first, an array has it; a
 * value that all CPUs share is added to atomically, a CPU's own is not. */
#define bcc_increment(map, k, n) ({ \
	__typeof__(*(map)->key) __key = (k); \
	__typeof__(*(map)->value) __zero = 0; \
	__typeof__(*(map)->value) *__value = bcc_lookup_or_try_init(map, &__key, &__zero); \
	if (__value) \
		__sync_fetch_and_add(__value, n); })

#define bcc_increment_percpu(map, k, n) ({ \
	__typeof__(*(map)->key) __key = (k); \
	__typeof__(*(map)->value) __zero = 0; \
	__typeof__(*(map)->value) *__value = bcc_lookup_or_try_init(map, &__key, &__zero); \
	if (__value) \
		*__value += (n); })

#define bcc_increment_slot(map, k, n) ({ \
	__typeof__(*(map)->key) __key = (k); \
	__typeof__(*(map)->value) *__value = bpf_map_lookup_elem(map, &__key); \
	if (__value) \
		__sync_fetch_and_add(__value, n); })

#define bcc_increment_slot_percpu(map, k, n) ({ \
	__typeof__(*(map)->key) __key = (k); \
	__typeof__(*(map)->value) *__value = bpf_map_lookup_elem(map, &__key); \
	if (__value) \
		*__value += (n); })

/* Counts a record that did not fit into the n-th ring buffer. */
static __always_inline void bcc_count_lost(u32 n)
{
	u64 *count = bpf_map_lookup_elem(&bcc_lost, &n);

	if (count)
		__sync_fetch_and_add(count, 1);
}

static __always_inline long bcc_ringbuf_output(void *map, u32 n, void *data, u64 size, u64 flags)
{
	long err = bpf_ringbuf_output(map, data, size, flags);

	if (err)
		bcc_count_lost(n);
	return err;
}

static __always_inline void *bcc_ringbuf_reserve(void *map, u32 n, u64 size)
{
	void *record = bpf_ringbuf_reserve(map, size, 0);

	if (!record)
		bcc_count_lost(n);
	return record;
}
