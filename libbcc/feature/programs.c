/*
 * Program types and helpers: a program of two instructions is loaded, or one that calls a helper
 * without arguments. Types that need a target in BTF are given one that the kernel must refuse: what
 * it says then tells whether it knows the type.
 */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "context/libbpf.h"
#include "feature/feature.h"
#include "kernel/internal.h"

#define ENOTSUPP 524
#define PROG_TYPE_NETFILTER 32
#define ATTACH_NETFILTER 45
#define LOG_SIZE 4096

struct attempt {
	int type, expected;
	uint32_t btf_id, flags;
	const struct bpf_insn *insns;
	size_t n;
	char log[LOG_SIZE];
};

/* The type's usual attach type, where the kernel wants to know it at load. */
static int usual_attach_type(int type)
{
	switch (type) {
	case BPF_PROG_TYPE_CGROUP_SOCK_ADDR:
		return BPF_CGROUP_INET4_CONNECT;
	case BPF_PROG_TYPE_CGROUP_SOCKOPT:
		return BPF_CGROUP_GETSOCKOPT;
	case BPF_PROG_TYPE_SK_LOOKUP:
		return BPF_SK_LOOKUP;
	case BPF_PROG_TYPE_TRACING:
		return BPF_TRACE_RAW_TP;
	case BPF_PROG_TYPE_LSM:
		return BPF_LSM_MAC;
	case PROG_TYPE_NETFILTER:
		return ATTACH_NETFILTER;
	default:
		return 0;
	}
}

/* A descriptor or a negative errno; the log has what the verifier said when log is wanted. */
static int load(struct attempt *a, bool log)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .attach_btf_id = a->btf_id, .prog_flags = a->flags);
	struct libbpf_call call;
	int fd;

	opts.expected_attach_type = a->expected;
	if (log) {
		opts.log_buf = a->log;
		opts.log_size = sizeof(a->log);
		opts.log_level = 1;
	}
	libbpf_enter(&call);
	fd = bpf_prog_load(a->type, NULL, "GPL", a->insns, a->n, &opts);
	libbpf_leave(&call);
	libbpf_call_free(&call);
	return fd;
}

static uint32_t usual_flags(int type)
{
	return type == BPF_PROG_TYPE_SYSCALL ? BPF_F_SLEEPABLE : 0;
}

static const struct bpf_insn nothing[] = {
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
	{ .code = BPF_JMP | BPF_EXIT },
};

int load_nothing(int type, int expected, uint32_t btf_id, uint32_t flags)
{
	struct attempt a = {
		.type = type, .expected = expected, .btf_id = btf_id, .flags = flags,
		.insns = nothing, .n = 2,
	};

	return load(&a, false);
}

int load_program(int type, const struct bpf_insn *insns, size_t n)
{
	struct attempt a = { .type = type, .expected = usual_attach_type(type), .insns = insns, .n = n };

	return load(&a, false);
}

/* Of a type that is bound to a target: what the kernel says of a wrong one. */
static const char *expected_refusal(int type)
{
	switch (type) {
	case BPF_PROG_TYPE_TRACING:
		return "is not a typedef";
	case BPF_PROG_TYPE_LSM:
		return "is not a function";
	case BPF_PROG_TYPE_EXT:
		return "Cannot replace kernel functions";
	case BPF_PROG_TYPE_STRUCT_OPS:
		return "is not a supported struct";
	default:
		return NULL;
	}
}

/* What it means that a load failed: the kernel does not know it, or something is in the way. */
static int answer(int err)
{
	return err == -EPERM || err == -EACCES || err == -ENOMEM || err == -EAGAIN ? err : 0;
}

int probe_program(struct kernel *k, const struct feature_row *row)
{
	struct attempt a = {
		.type = row->number, .expected = usual_attach_type(row->number),
		.flags = usual_flags(row->number), .insns = nothing, .n = 2,
	};
	const char *refusal = expected_refusal(row->number);
	int fd;

	(void)k;
	a.btf_id = refusal ? 1 : 0;
	/* The result of a flow dissector or a netfilter program is checked; 0 is fine for all. */
	fd = load(&a, refusal);
	if (fd >= 0) {
		close(fd);
		return 1;
	}
	if (refusal && strstr(a.log, refusal))
		return 1;
	return answer(fd);
}

/* The verifier's answer to a call without arguments. */
static int try_call(struct attempt *a, int helper)
{
	const struct bpf_insn call[] = {
		{ .code = BPF_JMP | BPF_CALL, .imm = helper },
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	int fd;

	a->insns = call;
	a->n = sizeof(call) / sizeof(*call);
	fd = load(a, true);
	if (fd >= 0) {
		close(fd);
		return 1;
	}
	/* What comes after it looked at the call is about arguments, which there are none of. */
	if (!strstr(a->log, "(85) call "))
		return answer(fd);
	return !strstr(a->log, "invalid func ") && !strstr(a->log, "unknown func ") &&
	       !strstr(a->log, "program of this type cannot use helper ");
}

/* The index of a member in a struct of the kernel's. */
static int find_member(struct kernel *k, const char *record, const char *name, uint32_t *id)
{
	const struct kbtf *btf;

	if (kernel_btf(k, &btf))
		return -ENOENT;
	*id = kbtf_find(btf, BTF_KIND_STRUCT, record);
	for (uint32_t i = 0; i < kbtf_vlen(kbtf_type(btf, *id)); i++)
		if (!strcmp(kbtf_member(btf, kbtf_type(btf, *id), i).name, name))
			return (int)i;
	return -ENOENT;
}

int probe_helper_call(struct kernel *k, int type, int helper)
{
	struct attempt a = {
		.type = type, .expected = usual_attach_type(type), .flags = usual_flags(type),
	};

	switch (type) {
	case BPF_PROG_TYPE_TRACING:
		a.expected = BPF_TRACE_FENTRY;
		a.btf_id = kernel_find_function(k, "bpf_fentry_test1");
		break;
	case BPF_PROG_TYPE_LSM:
		a.btf_id = kernel_find_function(k, "bpf_lsm_file_open");
		break;
	case BPF_PROG_TYPE_STRUCT_OPS:
		a.expected = find_member(k, "tcp_congestion_ops", "ssthresh", &a.btf_id);
		if (a.expected < 0)
			return 0;
		break;
	case BPF_PROG_TYPE_EXT:
		return -EOPNOTSUPP;
	}
	return try_call(&a, helper);
}

/* Iterators are tracing programs with helpers of their own. */
static int probe_iterator_call(struct kernel *k, int helper)
{
	struct attempt a = {
		.type = BPF_PROG_TYPE_TRACING, .expected = BPF_TRACE_ITER,
		.btf_id = kernel_find_function(k, "bpf_iter_bpf_map"),
	};

	return a.btf_id ? try_call(&a, helper) : 0;
}

/* Types that between them may call every helper, the most general first. */
int probe_helper(struct kernel *k, const struct feature_row *row)
{
	static const int types[] = {
		BPF_PROG_TYPE_KPROBE, BPF_PROG_TYPE_SCHED_CLS, BPF_PROG_TYPE_XDP,
		BPF_PROG_TYPE_PERF_EVENT, BPF_PROG_TYPE_SOCK_OPS, BPF_PROG_TYPE_SK_MSG,
		BPF_PROG_TYPE_SK_SKB, BPF_PROG_TYPE_CGROUP_SKB, BPF_PROG_TYPE_CGROUP_SOCK_ADDR,
		BPF_PROG_TYPE_CGROUP_SOCK, BPF_PROG_TYPE_CGROUP_SYSCTL, BPF_PROG_TYPE_CGROUP_SOCKOPT,
		BPF_PROG_TYPE_SK_REUSEPORT, BPF_PROG_TYPE_LWT_IN, BPF_PROG_TYPE_LWT_XMIT,
		BPF_PROG_TYPE_LWT_SEG6LOCAL, BPF_PROG_TYPE_LIRC_MODE2, BPF_PROG_TYPE_SYSCALL,
		BPF_PROG_TYPE_STRUCT_OPS, BPF_PROG_TYPE_TRACING, BPF_PROG_TYPE_LSM,
	};
	int result = probe_iterator_call(k, row->number);

	/* Where a type was refused, its helpers may be there all the same. */
	for (size_t i = 0; result <= 0 && i < sizeof(types) / sizeof(*types); i++) {
		int one = probe_helper_call(k, types[i], row->number);

		if (one)
			result = one;
	}
	return result;
}
