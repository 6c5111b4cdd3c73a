/*
 * bcc/test_run.h - a program run once, or a million times, on bytes that the caller chose.
 *
 * Nothing is attached: the kernel calls the loaded program itself and hands back what it returned
 * and what it made of its packet. This is how packet programs are tested without a network.
 *
 *	unsigned char packet[64] = { ... }, out[256];
 *	BCC_OPTS(bcc_test_run, run, .data_in = packet, .data_size_in = sizeof(packet),
 *		 .data_out = out, .data_size_out = sizeof(out), .repeat = 1000);
 *
 *	if (!bcc_program_test_run(prog, &run))
 *		printf("%s, %u ns\n", run.verdict, run.duration_ns);
 *
 * What the kernel runs so, and on what:
 *   xdp                            data: a frame; ctx: struct xdp_md (Linux 5.15)
 *   tc, action, socket, cgroup_skb/ingress and egress, lwt_in, lwt_out, lwt_xmit
 *                                  data: a frame; ctx: struct __sk_buff
 *   flow_dissector                 data: a frame; ctx: struct bpf_flow_keys
 *   sk_lookup                      ctx: struct bpf_sk_lookup (5.12)
 *   netfilter                      data: an IP packet; ctx: struct nf_hook_state (6.4)
 *   raw_tp                         ctx: up to 12 words of 64 bits, the tracepoint's arguments (5.10)
 *   syscall                        ctx: what the program is written for (5.14)
 *   fentry, fexit, fmod_ret        only on the kernel's own functions for this, bpf_fentry_test1 and
 *                                  its like: the program is attached while they are called
 */
#ifndef BCC_TEST_RUN_H
#define BCC_TEST_RUN_H

#include <bcc/common.h>

BCC_EXTERN_C_BEGIN

enum bcc_test_run_flags {
	BCC_TEST_RUN_ON_CPU = 1,      /* raw_tp: on the CPU that cpu names */
	BCC_TEST_RUN_LIVE_FRAMES = 2, /* xdp (5.18): each run is a packet that goes where the verdict
					 sends it: XDP_TX and XDP_REDIRECT send, XDP_PASS hands it to
					 the network stack. There is no output then */
};

/* What to run on, and what came of it. Set up with BCC_OPTS() or bcc_test_run_init(). */
struct bcc_test_run {
	size_t size;
	const void *data_in;
	size_t data_size_in;
	void *data_out;       /* room for the packet as the program left it; may be NULL */
	size_t data_size_out; /* the room; after the run, the packet's size, also without room */
	const void *ctx_in;
	size_t ctx_size_in;
	void *ctx_out;        /* the same for the context */
	size_t ctx_size_out;
	uint32_t repeat;      /* 0: once */
	uint32_t flags;       /* enum bcc_test_run_flags */
	uint32_t cpu;
	uint32_t batch_size;  /* live frames at a time; 0: 64 */

	/* Results. */
	uint32_t retval;      /* what the (last) run returned */
	uint32_t duration_ns; /* of one run, the average of all; 0: not measured */
	bool timed_outside;   /* the kernel does not time this type: duration_ns is of its system
				 call, a few hundred of them without the program */
	const char *verdict;  /* what retval means to the program's type ("XDP_PASS"), static; NULL:
				 nothing in particular */
};

BCC_API void bcc_test_run_init(struct bcc_test_run *run);

/*
 * Loads the program if needed and runs it. Programs that do not say their type get it from
 * bcc_program_set_type(). Whatever the program does besides (maps, helpers) happens.
 * Errors: BCC_ERR_KERNEL (this kernel does not test-run this type), -ENOSPC (the output did not fit:
 * the results are there, the sizes are those that are needed, the rooms are filled), -EINVAL (the
 * type does not run on this; the diagnostic says on what), -EINTR, and as bcc_program_load().
 */
BCC_API int bcc_program_test_run(struct bcc_program *prog, struct bcc_test_run *run);

BCC_EXTERN_C_END

#endif
