/*
 * Running a loaded program on given bytes, by the kernel's BPF_PROG_TEST_RUN. What the types differ
 * in is in one table; what the kernel answers with a bare EINVAL is explained from it.
 *
 * The kernel does not repeat or time raw tracepoint and syscall programs, so that is done here. A
 * syscall program's context comes back in the place where it was handed in: the caller's input is
 * never written to, so it runs on a copy.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <bcc/test_run.h>
#include <bpf/bpf.h>

#include "attach/attach.h"
#include "object/load.h"
#include "object/module.h"

#define ENOTSUPP 524 /* the kernel's own, which no libc names */
#define PROG_TYPE_NETFILTER 32 /* Linux 6.4 */
#define ETHERNET 14
#define MAX_RAW_TP_CTX (12 * 8)

enum { RUN_CPU = 1, RUN_LIVE = 2 }; /* as the kernel counts its flags */

enum takes {
	TAKES_DATA = 1,
	TAKES_CTX = 2,
	TAKES_REPEAT = 4,    /* the kernel repeats and times it */
	TAKES_OUTPUT = 8,    /* it hands a context back */
	TAKES_OWN_CTX = 16,  /* ... in the place of the input */
	TAKES_TRAMPOLINE = 32,
};

#define SKB (TAKES_DATA | TAKES_CTX | TAKES_REPEAT | TAKES_OUTPUT)

struct runnable {
	enum bpf_prog_type type;
	unsigned takes;
	size_t data_min;
	const char *on; /* for messages */
};

static const struct runnable runnables[] = {
	{ BPF_PROG_TYPE_XDP, SKB, ETHERNET,
	  "data of at least 14 bytes (an Ethernet frame) and, since Linux 5.15, a struct xdp_md as "
	  "context" },
	{ BPF_PROG_TYPE_SCHED_CLS, SKB, ETHERNET, NULL },
	{ BPF_PROG_TYPE_SCHED_ACT, SKB, ETHERNET, NULL },
	{ BPF_PROG_TYPE_SOCKET_FILTER, SKB, ETHERNET, NULL },
	{ BPF_PROG_TYPE_CGROUP_SKB, SKB, ETHERNET, NULL },
	{ BPF_PROG_TYPE_LWT_IN, SKB, ETHERNET, NULL },
	{ BPF_PROG_TYPE_LWT_OUT, SKB, ETHERNET, NULL },
	{ BPF_PROG_TYPE_LWT_XMIT, SKB, ETHERNET, NULL },
	{ BPF_PROG_TYPE_LWT_SEG6LOCAL, SKB, ETHERNET, NULL },
	{ BPF_PROG_TYPE_FLOW_DISSECTOR, TAKES_DATA | TAKES_CTX | TAKES_REPEAT, ETHERNET,
	  "data of at least 14 bytes (an Ethernet frame) and a struct bpf_flow_keys as context" },
	{ BPF_PROG_TYPE_SK_LOOKUP, TAKES_CTX | TAKES_REPEAT | TAKES_OUTPUT, 0,
	  "no data, and a struct bpf_sk_lookup as context" },
	{ PROG_TYPE_NETFILTER, TAKES_DATA | TAKES_CTX | TAKES_REPEAT, 20,
	  "data of at least 20 bytes (an IP packet) and a struct nf_hook_state as context" },
	{ BPF_PROG_TYPE_RAW_TRACEPOINT, TAKES_CTX, 0,
	  "no data, and as context 64-bit words, up to 12, at least as many as it reads" },
	{ BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE, TAKES_CTX, 0,
	  "no data, and as context 64-bit words, up to 12, at least as many as it reads" },
	{ BPF_PROG_TYPE_SYSCALL, TAKES_CTX | TAKES_OWN_CTX, 0,
	  "no data, and a context of at least the bytes that it reads" },
	{ BPF_PROG_TYPE_TRACING, TAKES_TRAMPOLINE, 0, "neither data nor context" },
};

static const char on_skb[] =
	"data of at least 14 bytes (an Ethernet frame, with the whole header of IP when it says that it "
	"is IP) and a struct __sk_buff as context, in which only mark, priority, ifindex, cb, tstamp, "
	"wire_len, gso_segs, gso_size and hwtstamp may be set";

/* One call in the making. */
struct test {
	struct bcc_program *prog;
	struct bcc_context *ctx;
	const struct runnable *runnable; /* NULL: a type not known to be run */
	struct program_load *load;
	enum bpf_prog_type type;
	struct bcc_test_run run;
	void *ctx_copy;
};

static const struct runnable *find_runnable(enum bpf_prog_type type)
{
	for (size_t i = 0; i < sizeof(runnables) / sizeof(*runnables); i++)
		if (runnables[i].type == type)
			return &runnables[i];
	return NULL;
}

static const char *verdict(enum bpf_prog_type type, uint32_t value)
{
	static const char *const xdp[] = { "XDP_ABORTED", "XDP_DROP", "XDP_PASS", "XDP_TX",
					   "XDP_REDIRECT" };
	static const char *const tc[] = { "TC_ACT_OK", "TC_ACT_RECLASSIFY", "TC_ACT_SHOT",
					  "TC_ACT_PIPE", "TC_ACT_STOLEN", "TC_ACT_QUEUED",
					  "TC_ACT_REPEAT", "TC_ACT_REDIRECT", "TC_ACT_TRAP" };
	static const char *const pass[] = { "SK_DROP", "SK_PASS" };

	switch (type) {
	case BPF_PROG_TYPE_XDP:
		return value < sizeof(xdp) / sizeof(*xdp) ? xdp[value] : NULL;
	case BPF_PROG_TYPE_SCHED_CLS:
	case BPF_PROG_TYPE_SCHED_ACT:
		if (value == UINT32_MAX)
			return "TC_ACT_UNSPEC";
		return value < sizeof(tc) / sizeof(*tc) ? tc[value] : NULL;
	case BPF_PROG_TYPE_SK_LOOKUP:
		return value < 2 ? pass[value] : NULL;
	default:
		return NULL;
	}
}

void bcc_test_run_init(struct bcc_test_run *run)
{
	*run = (struct bcc_test_run){ .size = sizeof(*run) };
}

static int cannot_run(struct test *t)
{
	const char *type = libbpf_bpf_prog_type_str(t->type);

	return diag_fail_hint(
		t->ctx, BCC_ERR_KERNEL, "test-run",
		"those that can be, depending on the kernel, are: xdp, tc, action, socket, "
		"cgroup_skb, flow_dissector, lwt_*, sk_lookup, raw_tp, syscall, netfilter",
		"program '%s' is of type %s, which the kernel does not run for a test",
		t->prog->name, type ? type : "unknown");
}

static int wrong_input(struct test *t, const char *what)
{
	const char *on = t->runnable && t->runnable->on ? t->runnable->on : on_skb;
	const char *type = libbpf_bpf_prog_type_str(t->type);

	return diag_fail_hint(t->ctx, -EINVAL, "test-run", what ? NULL :
			      "this kernel may be too old for a part of that: see bcc/test_run.h",
			      "program '%s' of type %s runs on %s%s%s", t->prog->name,
			      type ? type : "netfilter", on, what ? "; " : "", what ? what : "");
}

/* What the kernel would answer with EINVAL, or worse, silently not do. */
static int check_input(struct test *t)
{
	const struct bcc_test_run *run = &t->run;
	unsigned takes = t->runnable ? t->runnable->takes : SKB;
	bool raw_tp = t->type == BPF_PROG_TYPE_RAW_TRACEPOINT ||
		      t->type == BPF_PROG_TYPE_RAW_TRACEPOINT_WRITABLE;

	if (run->flags & ~(uint32_t)(BCC_TEST_RUN_ON_CPU | BCC_TEST_RUN_LIVE_FRAMES))
		return diag_fail(t->ctx, -EINVAL, "test-run", "unknown flags: 0x%x", run->flags);
	if ((run->flags & BCC_TEST_RUN_ON_CPU) && !raw_tp)
		return diag_fail(t->ctx, -EINVAL, "test-run",
				 "the CPU can be chosen for raw_tp programs only");
	if ((run->flags & BCC_TEST_RUN_LIVE_FRAMES) &&
	    (t->type != BPF_PROG_TYPE_XDP || run->data_out || run->ctx_out))
		return diag_fail(t->ctx, -EINVAL, "test-run",
				 "live frames are for xdp programs, and leave no output");
	if (!t->runnable)
		return 0;
	if (run->data_size_in && !(takes & TAKES_DATA))
		return wrong_input(t, "data was given");
	if (run->data_size_in < t->runnable->data_min)
		return wrong_input(t, run->data_size_in ? "the data is shorter" :
				   "no data was given");
	if (run->ctx_size_in && !(takes & TAKES_CTX))
		return wrong_input(t, "a context was given");
	if (t->type == BPF_PROG_TYPE_SK_LOOKUP && !run->ctx_size_in)
		return wrong_input(t, "no context was given");
	if (raw_tp && (run->ctx_size_in > MAX_RAW_TP_CTX || run->ctx_size_in % 8))
		return wrong_input(t, "the context is none of those");
	return 0;
}

/* Functions that the kernel has for nothing else: it calls them, not the program. */
static bool is_test_function(const char *name)
{
	return name && (!strncmp(name, "bpf_fentry_test", 15) ||
			!strncmp(name, "bpf_modify_return_test", 22));
}

static int check_trampoline(struct test *t)
{
	if (is_test_function(t->load->target))
		return 0;
	return diag_fail_hint(t->ctx, BCC_ERR_KERNEL, "test-run",
			      "attach it and have the function called, or write it for "
			      "fentry/bpf_fentry_test1, which the kernel calls for tests",
			      "program '%s' is bound to %s and runs when that runs: the kernel does "
			      "not run it for a test", t->prog->name,
			      t->load->target ? t->load->target : "its hook");
}

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

/* A syscall program writes into what it was given. */
static int copy_ctx(struct test *t)
{
	if (!t->runnable || !(t->runnable->takes & TAKES_OWN_CTX) || !t->run.ctx_size_in)
		return 0;
	t->ctx_copy = malloc(t->run.ctx_size_in);
	if (!t->ctx_copy)
		return diag_fail(t->ctx, -ENOMEM, "memory", "out of memory");
	memcpy(t->ctx_copy, t->run.ctx_in, t->run.ctx_size_in);
	return 0;
}

static void prepare(struct test *t, struct bpf_test_run_opts *opts)
{
	const struct bcc_test_run *run = &t->run;
	unsigned takes = t->runnable ? t->runnable->takes : SKB;

	*opts = (struct bpf_test_run_opts){ .sz = sizeof(*opts) };
	opts->data_in = run->data_in;
	opts->data_size_in = run->data_size_in;
	opts->ctx_in = t->ctx_copy ? t->ctx_copy : run->ctx_in;
	opts->ctx_size_in = run->ctx_size_in;
	if (takes & TAKES_DATA) {
		opts->data_out = run->data_out;
		opts->data_size_out = run->data_out ? run->data_size_out : 0;
	}
	/* Kernels before 5.15 want no room for a context when there is none. */
	if ((takes & TAKES_OUTPUT) && run->ctx_size_in) {
		opts->ctx_out = run->ctx_out;
		opts->ctx_size_out = run->ctx_out ? run->ctx_size_out : 0;
	}
	if (takes & TAKES_REPEAT)
		opts->repeat = run->repeat ? run->repeat : 1;
	if (run->flags & BCC_TEST_RUN_LIVE_FRAMES) {
		opts->flags |= RUN_LIVE;
		opts->batch_size = run->batch_size;
	}
	if (run->flags & BCC_TEST_RUN_ON_CPU) {
		opts->flags |= RUN_CPU;
		opts->cpu = (int)run->cpu;
	}
}

/* Runs that the kernel neither repeats nor times. */
static int run_outside(struct test *t, struct bpf_test_run_opts *opts)
{
	uint32_t n = t->run.repeat ? t->run.repeat : 1, i;
	uint64_t start = now();
	int err = 0;

	for (i = 0; i < n && !err; i++) {
		if (t->ctx_copy && i)
			memcpy(t->ctx_copy, t->run.ctx_in, t->run.ctx_size_in);
		err = bpf_prog_test_run_opts(t->load->fd, opts);
	}
	t->run.timed_outside = true;
	t->run.duration_ns = (uint32_t)((now() - start) / n);
	return err;
}

/* The program must be on the functions that the kernel is going to call. */
static int run_trampoline(struct test *t, struct bpf_test_run_opts *opts)
{
	int link = bpf_raw_tracepoint_open(NULL, t->load->fd), err;

	if (link < 0)
		return link;
	err = run_outside(t, opts);
	close(link);
	return err;
}

static void take_results(struct test *t, const struct bpf_test_run_opts *opts)
{
	struct bcc_test_run *run = &t->run;
	size_t room = run->ctx_out ? run->ctx_size_out : 0;

	run->retval = opts->retval;
	run->verdict = verdict(t->type, opts->retval);
	if (!run->timed_outside)
		run->duration_ns = opts->duration;
	run->data_size_out = opts->data_size_out;
	run->ctx_size_out = opts->ctx_size_out;
	if (!t->ctx_copy)
		return;
	run->ctx_size_out = run->ctx_size_in;
	if (room)
		memcpy(run->ctx_out, t->ctx_copy,
		       room < run->ctx_size_in ? room : run->ctx_size_in);
}

static int explain(struct test *t, int err)
{
	switch (err) {
	case 0:
		return 0;
	case -ENOTSUPP:
	case -EOPNOTSUPP:
		return cannot_run(t);
	case -ENOSPC:
		return diag_fail(t->ctx, err, "test-run",
				 "program '%s' ran, but what it left does not fit the room for it",
				 t->prog->name);
	case -EINVAL:
	case -EFAULT:
		if (t->type == BPF_PROG_TYPE_TRACING)
			return cannot_run(t);
		return err == -EINVAL ? wrong_input(t, NULL) :
		       diag_fail(t->ctx, err, "test-run",
				 "program '%s' cannot be run: the memory given for input or output "
				 "is not there", t->prog->name);
	case -ENXIO:
		return diag_fail(t->ctx, err, "test-run", "there is no CPU %u to run program '%s' on",
				 t->run.cpu, t->prog->name);
	default:
		return diag_fail_hint(t->ctx, err, "test-run", err == -E2BIG ?
				      "the context is larger than the kernel's, and its rest is not "
				      "zero" : NULL, "cannot run program '%s': %s (%s)",
				      t->prog->name, bcc_strerror(err), bcc_error_name(err));
	}
}

static int run_loaded(struct test *t)
{
	unsigned takes = t->runnable ? t->runnable->takes : SKB;
	struct bpf_test_run_opts opts;
	size_t room = t->run.ctx_out ? t->run.ctx_size_out : 0;
	int err = check_input(t);

	if (!err && (takes & TAKES_TRAMPOLINE))
		err = check_trampoline(t);
	if (!err)
		err = copy_ctx(t);
	if (err)
		return err;
	prepare(t, &opts);
	if (takes & TAKES_TRAMPOLINE)
		err = run_trampoline(t, &opts);
	else if (takes & TAKES_REPEAT)
		err = bpf_prog_test_run_opts(t->load->fd, &opts);
	else
		err = run_outside(t, &opts);
	if (!err || err == -ENOSPC)
		take_results(t, &opts);
	if (!err && t->ctx_copy && t->run.ctx_out && room < t->run.ctx_size_out)
		err = -ENOSPC;
	free(t->ctx_copy);
	return explain(t, err);
}

/* The type as the kernel has it: the section's may have been left to libbpf. */
static enum bpf_prog_type loaded_type(const struct program_load *load)
{
	struct bpf_prog_info info = { 0 };
	uint32_t size = sizeof(info);

	return bpf_obj_get_info_by_fd(load->fd, &info, &size) ? load->type : info.type;
}

int bcc_program_test_run(struct bcc_program *prog, struct bcc_test_run *run)
{
	struct test t = { .prog = prog };
	size_t size;
	int err;

	if (!prog || !run)
		return -EINVAL;
	t.ctx = prog->mod->ctx;
	diag_clear(t.ctx);
	err = context_read_opts(run, &t.run, sizeof(t.run));
	if (err || (t.run.data_size_in && !t.run.data_in) || (t.run.ctx_size_in && !t.run.ctx_in) ||
	    t.run.data_size_in > INT32_MAX || t.run.data_size_out > INT32_MAX ||
	    t.run.ctx_size_in > INT32_MAX || t.run.ctx_size_out > INT32_MAX)
		return diag_fail(t.ctx, -EINVAL, "options",
				 "struct bcc_test_run is malformed: its size is wrong, it sets what "
				 "this library does not know, or its sizes are not those of memory");
	err = prog->loads ? 0 : attach_load(prog);
	if (err)
		return err;
	t.load = prog->loads;
	t.type = loaded_type(t.load);
	t.runnable = find_runnable(t.type);
	err = run_loaded(&t);
	if (err && err != -ENOSPC)
		return err;
	/* An older caller's struct is shorter. */
	size = run->size < sizeof(t.run) ? run->size : sizeof(t.run);
	t.run.size = run->size;
	memcpy(run, &t.run, size);
	return err;
}
