/*
 * What libbpf-style programs take from <bpf/bpf_core_read.h>, and what the rewriter writes for a
 * read through a kernel pointer. Whether an access is relocated (CO-RE) is decided by the type of
 * the record: the compiler marks the kernel's records when it makes a portable object. So reads of
 * kernel types (BPF_CORE_READ) and of the text's own (BPF_PROBE_READ) are the same macro here.
 */
#ifndef BPF_CORE_READ_H
#define BPF_CORE_READ_H

#define __bcc_read1(fn, src, a) ({ \
	__auto_type __s = (src); \
	__typeof__(__s->a) __r; \
	fn(&__r, sizeof(__r), &__s->a); \
	__r; })
#define __bcc_read2(fn, src, a, b...) __bcc_read1(fn, __bcc_read1(fn, src, a), b)
#define __bcc_read3(fn, src, a, b...) __bcc_read2(fn, __bcc_read1(fn, src, a), b)
#define __bcc_read4(fn, src, a, b...) __bcc_read3(fn, __bcc_read1(fn, src, a), b)
#define __bcc_read5(fn, src, a, b...) __bcc_read4(fn, __bcc_read1(fn, src, a), b)
#define __bcc_read6(fn, src, a, b...) __bcc_read5(fn, __bcc_read1(fn, src, a), b)
#define __bcc_read7(fn, src, a, b...) __bcc_read6(fn, __bcc_read1(fn, src, a), b)
#define __bcc_read8(fn, src, a, b...) __bcc_read7(fn, __bcc_read1(fn, src, a), b)
#define __bcc_read9(fn, src, a, b...) __bcc_read8(fn, __bcc_read1(fn, src, a), b)
#define __bcc_read_pick(_1, _2, _3, _4, _5, _6, _7, _8, _9, macro, ...) macro
#define __bcc_read(fn, src, a...) __bcc_read_pick(a, __bcc_read9, __bcc_read8, __bcc_read7, \
	__bcc_read6, __bcc_read5, __bcc_read4, __bcc_read3, __bcc_read2, __bcc_read1)(fn, src, a)

#define BPF_CORE_READ(src, a...) __bcc_read(bpf_probe_read_kernel, src, a)
#define BPF_CORE_READ_USER(src, a...) __bcc_read(bpf_probe_read_user, src, a)
#define BPF_PROBE_READ(src, a...) __bcc_read(bpf_probe_read_kernel, src, a)
#define BPF_PROBE_READ_USER(src, a...) __bcc_read(bpf_probe_read_user, src, a)

/* The last hop goes into dst. */
#define __bcc_into1(fn, dst, src, a) ({ \
	__auto_type __s = (src); \
	fn(dst, sizeof(*(dst)), &__s->a); })
#define __bcc_into2(fn, dst, src, a, b...) __bcc_into1(fn, dst, BPF_CORE_READ(src, a), b)
#define __bcc_into3(fn, dst, src, a, b...) __bcc_into2(fn, dst, BPF_CORE_READ(src, a), b)
#define __bcc_into4(fn, dst, src, a, b...) __bcc_into3(fn, dst, BPF_CORE_READ(src, a), b)
#define __bcc_into5(fn, dst, src, a, b...) __bcc_into4(fn, dst, BPF_CORE_READ(src, a), b)
#define __bcc_into_pick(_1, _2, _3, _4, _5, macro, ...) macro
#define __bcc_into(fn, dst, src, a...) __bcc_into_pick(a, __bcc_into5, __bcc_into4, __bcc_into3, \
	__bcc_into2, __bcc_into1)(fn, dst, src, a)
#define __bcc_string1(dst, size, src) bpf_probe_read_kernel_str((void *)(dst), size, src)
#define BPF_CORE_READ_INTO(dst, src, a...) __bcc_into(bpf_probe_read_kernel, dst, src, a)
#define BPF_CORE_READ_STR_INTO(dst, src, a...) \
	__bcc_into(bpf_probe_read_kernel_str, dst, src, a)

#define bpf_core_read(dst, size, src) \
	bpf_probe_read_kernel(dst, size, (const void *)__builtin_preserve_access_index(src))
#define bpf_core_read_user(dst, size, src) \
	bpf_probe_read_user(dst, size, (const void *)__builtin_preserve_access_index(src))
#define bpf_core_read_str(dst, size, src) \
	bpf_probe_read_kernel_str(dst, size, (const void *)__builtin_preserve_access_index(src))

/* Which fact of a field or type is asked for: see the kernel's enum bpf_core_relo_kind. */
#define __bcc_field(p, field, kind) __builtin_preserve_field_info((p)->field, kind)
#define bpf_core_field_exists(field...) __builtin_preserve_field_info(field, 2)
#define bpf_core_field_offset(field...) __builtin_preserve_field_info(field, 0)
#define bpf_core_field_size(field...) __builtin_preserve_field_info(field, 1)
#define bpf_core_type_id_local(type) \
	__builtin_btf_type_id(*(__typeof__(type) *)0, 0)
#define bpf_core_type_id_kernel(type) \
	__builtin_btf_type_id(*(__typeof__(type) *)0, 1)
#define bpf_core_type_exists(type) \
	__builtin_preserve_type_info(*(__typeof__(type) *)0, 0)
#define bpf_core_type_size(type) \
	__builtin_preserve_type_info(*(__typeof__(type) *)0, 1)
#define bpf_core_enum_value_exists(type, value) \
	__builtin_preserve_enum_value(*(__typeof__(type) *)value, 0)
#define bpf_core_enum_value(type, value) \
	__builtin_preserve_enum_value(*(__typeof__(type) *)value, 1)

/* A bit-field: the bytes around it, shifted twice. */
#define BPF_CORE_READ_BITFIELD_PROBED(p, field) ({ \
	unsigned long long __v = 0; \
	bpf_probe_read_kernel(&__v, __bcc_field(p, field, 1), \
			      (const void *)(p) + __bcc_field(p, field, 0)); \
	__v <<= __bcc_field(p, field, 4); \
	if (__bcc_field(p, field, 3)) \
		__v = (unsigned long long)((long long)__v >> __bcc_field(p, field, 5)); \
	else \
		__v = __v >> __bcc_field(p, field, 5); \
	__v; })

#endif
