/*
 * bcc_program_test_run(): every kind of program that a kernel runs for a test, on input whose result
 * is known; and input that no kernel takes.
 */
#include "runtime.h"

#include <errno.h>

#include <bcc/bcc.h>

static const char text[] =
	"struct args { u64 a, b; };\n"
	"SEC(\"xdp\") int frame(struct xdp_md *ctx)\n"
	"{\n"
	"	unsigned char *data = (void *)(long)ctx->data;\n"
	"	if (data + 14 > (unsigned char *)(long)ctx->data_end)\n"
	"		return XDP_ABORTED;\n"
	"	data[0]++;\n"
	"	return XDP_DROP;\n"
	"}\n"
	"SEC(\"tc\") int packet(struct __sk_buff *skb) { skb->mark++; return 2; }\n"
	"SEC(\"socket\") int filter(struct __sk_buff *skb) { return skb->len; }\n"
	"SEC(\"cgroup_skb/ingress\") int group(struct __sk_buff *skb) { return 1; }\n"
	"SEC(\"flow_dissector\") int flow(struct __sk_buff *skb)\n"
	"{ skb->flow_keys->ip_proto = 17; return 0; }\n"
	"SEC(\"sk_lookup\") int lookup(struct bpf_sk_lookup *ctx) { return ctx->local_port == 80; }\n"
	"SEC(\"raw_tp/sys_enter\") int raw(struct bpf_raw_tracepoint_args *ctx)\n"
	"{ return ctx->args[1]; }\n"
	"SEC(\"syscall\") int add(struct args *ctx) { ctx->b += ctx->a; return 5; }\n"
	"SEC(\"fentry/bpf_fentry_test1\") int enter(void *ctx) { return 0; }\n"
	"SEC(\"fentry/vfs_read\") int elsewhere(void *ctx) { return 0; }\n"
	"SEC(\"tp_btf/sys_enter\") int btf(void *ctx) { return 0; }\n"
	"SEC(\"kprobe/vfs_read\") int probe(struct pt_regs *ctx) { return 0; }\n";

static struct bcc_context *ctx;
static struct bcc_module *mod;
static unsigned char frame[64], out[256], ctx_out[256];

static int set_up(void **state)
{
	(void)state;
	BCC_OPTS(bcc_context_opts, opts, .compiler_path = TEST_COMPILER);

	assert_int_equal(bcc_context_create(&opts, &ctx), 0);
	check(ctx, bcc_module_create(ctx, text, NULL, &mod), 0);
	memset(frame, 0xff, sizeof(frame));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	bcc_context_destroy(ctx);
	return 0;
}

static struct bcc_program *program(const char *name)
{
	struct bcc_program *prog = bcc_module_program(mod, name);

	assert_non_null(prog);
	return prog;
}

static struct bcc_test_run on_frame(void)
{
	struct bcc_test_run run;

	bcc_test_run_init(&run);
	run.data_in = frame;
	run.data_size_in = sizeof(frame);
	run.data_out = out;
	run.data_size_out = sizeof(out);
	run.ctx_out = ctx_out;
	run.ctx_size_out = sizeof(ctx_out);
	return run;
}

static struct bcc_test_run on_ctx(const void *in, size_t size)
{
	struct bcc_test_run run = on_frame();

	run.data_in = NULL;
	run.data_size_in = 0;
	run.ctx_in = in;
	run.ctx_size_in = size;
	return run;
}

/* Older kernels lack a type; that is told and nothing else is wrong. */
static bool runs(const char *name, struct bcc_test_run *run)
{
	int err = bcc_program_test_run(program(name), run);

	if (err == BCC_ERR_KERNEL || err == -EINVAL) {
		print_message("not here: %s\n", bcc_diag_message(bcc_diag_get(ctx, 0)));
		return false;
	}
	check(ctx, err, 0);
	return true;
}

static void diag_says(const char *part)
{
	assert_true(bcc_diag_count(ctx) > 0);
	if (!strstr(bcc_diag_message(bcc_diag_get(ctx, 0)), part))
		fail_msg("\"%s\" is not in: %s", part, bcc_diag_message(bcc_diag_get(ctx, 0)));
}

static void test_packets(void **state)
{
	struct bcc_test_run run = on_frame();

	(void)state;
	run.repeat = 100;
	check(ctx, bcc_program_test_run(program("frame"), &run), 0);
	assert_int_equal(run.retval, 1);
	assert_string_equal(run.verdict, "XDP_DROP");
	assert_int_equal(run.data_size_out, sizeof(frame));
	/* Each run goes on with what the last one left. */
	assert_int_equal(out[0], (0xff + 100) & 0xff);
	assert_int_equal(out[1], 0xff);
	assert_int_equal(frame[0], 0xff);
	assert_false(run.timed_outside);

	run = on_frame();
	check(ctx, bcc_program_test_run(program("packet"), &run), 0);
	assert_string_equal(run.verdict, "TC_ACT_SHOT");
	run = on_frame();
	check(ctx, bcc_program_test_run(program("filter"), &run), 0);
	assert_int_equal(run.retval, sizeof(frame) - 14);
	assert_null(run.verdict);
	run = on_frame();
	check(ctx, bcc_program_test_run(program("group"), &run), 0);
	assert_int_equal(run.retval, 1);
	run = on_frame();
	check(ctx, bcc_program_test_run(program("flow"), &run), 0);
	assert_true(run.data_size_out >= 56); /* struct bpf_flow_keys */
	assert_int_equal(out[9], 17);
}

static void test_contexts(void **state)
{
	const uint64_t args[] = { 3, 7 };
	const uint32_t skb[3] = { 0, 0, 41 };
	struct bcc_test_run run = on_ctx(args, sizeof(args));
	/* struct bpf_sk_lookup: family, protocol, and local_port after the local IPv6 address */
	uint32_t lookup[18] = { 0, 0, 2, 6, [15] = 80 };
	uint64_t sums[2];

	(void)state;
	if (runs("raw", &run)) {
		assert_int_equal(run.retval, 7);
		assert_true(run.timed_outside);
	}
	run = on_ctx(args, sizeof(args));
	run.repeat = 3;
	if (runs("add", &run)) {
		assert_int_equal(run.retval, 5);
		assert_int_equal(run.ctx_size_out, sizeof(args));
		memcpy(sums, ctx_out, sizeof(sums));
		assert_int_equal(sums[0], 3);
		assert_int_equal(sums[1], 10); /* each run begins with the input */
		assert_int_equal(args[1], 7);
	}
	run = on_ctx(args, sizeof(args));
	run.ctx_size_out = 4;
	if (bcc_program_fd(program("add")) >= 0) {
		assert_int_equal(bcc_program_test_run(program("add"), &run), -ENOSPC);
		assert_int_equal(run.ctx_size_out, sizeof(args));
		assert_int_equal(run.retval, 5);
	}
	run = on_frame();
	run.ctx_in = skb;
	run.ctx_size_in = sizeof(skb);
	check(ctx, bcc_program_test_run(program("packet"), &run), 0);
	assert_int_equal(((uint32_t *)ctx_out)[2], 42);
	run = on_ctx(lookup, sizeof(lookup));
	if (runs("lookup", &run))
		assert_string_equal(run.verdict, "SK_PASS");
}

static void test_small_room(void **state)
{
	struct bcc_test_run run = on_frame();

	(void)state;
	memset(out, 0, sizeof(out));
	run.data_size_out = 20;
	assert_int_equal(bcc_program_test_run(program("frame"), &run), -ENOSPC);
	diag_says("does not fit");
	assert_int_equal(run.data_size_out, sizeof(frame));
	assert_int_equal(run.retval, 1);
	assert_int_equal(out[19], 0xff);
	assert_int_equal(out[20], 0);

	/* No room at all is no error: nobody asked. */
	run = on_frame();
	run.data_out = run.ctx_out = NULL;
	check(ctx, bcc_program_test_run(program("frame"), &run), 0);
	assert_int_equal(run.data_size_out, sizeof(frame));
}

static void refused(const char *name, struct bcc_test_run run, int expected, const char *why)
{
	assert_int_equal(bcc_program_test_run(program(name), &run), expected);
	diag_says(why);
}

static void test_wrong_input(void **state)
{
	static const uint64_t words[16];
	struct bcc_test_run run = on_frame();

	(void)state;
	run.data_size_in = 13;
	refused("frame", run, -EINVAL, "the data is shorter");
	refused("packet", run, -EINVAL, "the data is shorter");
	run.data_size_in = 0;
	refused("frame", run, -EINVAL, "no data was given");
	refused("raw", on_frame(), -EINVAL, "data was given");
	refused("raw", on_ctx(words, 13 * 8), -EINVAL, "up to 12");
	refused("raw", on_ctx(words, 12), -EINVAL, "64-bit words");
	refused("raw", on_ctx(NULL, 0), -EINVAL, "at least as many as it reads");
	refused("lookup", on_ctx(NULL, 0), -EINVAL, "no context was given");
	run = on_frame();
	run.flags = 64;
	refused("frame", run, -EINVAL, "unknown flags: 0x40");
	run.flags = BCC_TEST_RUN_ON_CPU;
	refused("frame", run, -EINVAL, "raw_tp programs only");
	run.flags = BCC_TEST_RUN_LIVE_FRAMES;
	refused("packet", run, -EINVAL, "live frames are for xdp");
	refused("frame", run, -EINVAL, "leave no output");
	run = on_frame();
	run.data_in = NULL;
	refused("frame", run, -EINVAL, "malformed");
	run = on_frame();
	run.data_size_in = (size_t)1 << 40;
	refused("frame", run, -EINVAL, "malformed");
	run = on_frame();
	run.size = 3;
	refused("frame", run, -EINVAL, "malformed");
	assert_int_equal(bcc_program_test_run(NULL, &run), -EINVAL);
	assert_int_equal(bcc_program_test_run(program("frame"), NULL), -EINVAL);
}

static void test_not_runnable(void **state)
{
	struct bcc_test_run run = on_ctx(NULL, 0);

	(void)state;
	refused("probe", run, BCC_ERR_KERNEL, "of type kprobe, which the kernel does not run");
	assert_non_null(strstr(bcc_diag_hint(bcc_diag_get(ctx, 0)), "xdp"));
	refused("btf", run, BCC_ERR_KERNEL, "does not run it for a test");
}

/* Where the kernel takes fentry programs: those on its own test functions, and no others. */
static void test_trampolines(void **state)
{
	struct bcc_test_run run = on_ctx(NULL, 0);
	int err = bcc_program_test_run(program("enter"), &run);

	(void)state;
	if (err == BCC_ERR_KERNEL) {
		print_message("not here: %s\n", bcc_diag_message(bcc_diag_get(ctx, 0)));
		skip();
	}
	check(ctx, err, 0);
	run = on_ctx(NULL, 0);
	refused("elsewhere", run, BCC_ERR_KERNEL, "bound to vfs_read");
}

static void test_descriptors(void **state)
{
	struct bcc_test_run run = on_frame();
	int before;

	(void)state;
	check(ctx, bcc_program_test_run(program("frame"), &run), 0);
	before = bpf_descriptors();
	for (int i = 0; i < 10; i++) {
		run = on_frame();
		check(ctx, bcc_program_test_run(program("frame"), &run), 0);
		run.data_size_in = 1;
		assert_int_equal(bcc_program_test_run(program("frame"), &run), -EINVAL);
	}
	assert_int_equal(bpf_descriptors(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_packets),
		cmocka_unit_test(test_contexts),
		cmocka_unit_test(test_small_room),
		cmocka_unit_test(test_wrong_input),
		cmocka_unit_test(test_not_runnable),
		cmocka_unit_test(test_trampolines),
		cmocka_unit_test(test_descriptors),
	};

	need_bpf();
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
