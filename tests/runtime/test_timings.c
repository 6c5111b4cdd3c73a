/*
 * The times of a module: each stage that took place has some, parts add up to the whole, what is
 * attached later is added, and callers of other versions of the struct get what they can hold.
 */
#include "runtime.h"

#include <errno.h>
#include <time.h>

#include <bcc/bcc.h>

static const char text[] =
	"BPF_HASH(calls, u32);\n"
	"RAW_TRACEPOINT_PROBE(sys_enter) { return 0; }\n"
	"int other(void *ctx) { u32 key = 1; calls.increment(key); return 0; }\n";

struct fixture {
	struct bcc_context *ctx;
	struct bcc_module *mod;
};

static int set_up(void **state)
{
	static struct fixture f;
	BCC_OPTS(bcc_context_opts, opts, .compiler_path = TEST_COMPILER);

	*state = &f;
	return bcc_context_create(&opts, &f.ctx) || bcc_module_create(f.ctx, text, NULL, &f.mod);
}

static int tear_down(void **state)
{
	struct fixture *f = *state;

	bcc_context_destroy(f->ctx);
	return 0;
}

static struct bcc_timings timings(const struct fixture *f)
{
	BCC_OPTS(bcc_timings, t);

	assert_int_equal(bcc_module_timings(f->mod, &t), 0);
	assert_int_equal(t.size, sizeof(t));
	return t;
}

static void test_stages(void **state)
{
	const struct fixture *f = *state;
	struct bcc_timings made = timings(f), attached;
	struct timespec before, after;
	uint64_t took;

	assert_true(made.expand && made.types && made.parse && made.rewrite && made.codegen);
	assert_true(made.start && made.open && made.maps);
	assert_true(!made.headers && !made.load && !made.attach);
	assert_true(made.compile == made.start + made.expand + made.types + made.parse +
				     made.rewrite + made.codegen);
	clock_gettime(CLOCK_MONOTONIC, &before);
	assert_int_equal(bcc_module_attach_all(f->mod), 1);
	clock_gettime(CLOCK_MONOTONIC, &after);
	took = (uint64_t)(after.tv_sec - before.tv_sec) * 1000000000u +
	       (uint64_t)after.tv_nsec - (uint64_t)before.tv_nsec;
	attached = timings(f);
	assert_true(attached.load && attached.attach);
	assert_true(attached.load + attached.attach <= took);
	assert_true(attached.compile == made.compile && attached.maps == made.maps);
}

static void test_other_sizes(void **state)
{
	const struct fixture *f = *state;
	struct {
		struct bcc_timings t;
		uint64_t later;
	} newer = { .t.size = sizeof(newer), .later = 7 };
	struct bcc_timings older = { .size = offsetof(struct bcc_timings, start), .start = 7 };

	assert_int_equal(bcc_module_timings(f->mod, &newer.t), 0);
	assert_int_equal(newer.t.size, sizeof(newer));
	assert_true(newer.t.compile && !newer.later);
	assert_int_equal(bcc_module_timings(f->mod, &older), 0);
	assert_true(older.compile && older.start == 7);
	older.size = 1;
	assert_int_equal(bcc_module_timings(f->mod, &older), -EINVAL);
	older.size = 1 << 20;
	assert_int_equal(bcc_module_timings(f->mod, &older), -EINVAL);
	assert_int_equal(bcc_module_timings(f->mod, NULL), -EINVAL);
	assert_int_equal(bcc_module_timings(NULL, &newer.t), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_stages),
		cmocka_unit_test(test_other_sizes),
	};

	need_bpf();
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
