/*
 * Features: what must be there wherever the tests run is, what is not there is told from it, nothing
 * is left behind, and no answer contradicts the versions in the tables.
 */
#include "runtime.h"

#include <errno.h>
#include <net/if.h>

#include <bcc/bcc.h>

static struct bcc_context *ctx;

static int set_up(void **state)
{
	(void)state;
	return bcc_context_create(NULL, &ctx);
}

static int tear_down(void **state)
{
	(void)state;
	bcc_context_destroy(ctx);
	return 0;
}

static void test_query(void **state)
{
	(void)state;
	assert_int_equal(bcc_feature_query(ctx, "map", "hash"), BCC_FEATURE_YES);
	assert_int_equal(bcc_feature_query(ctx, "program", "socket_filter"), BCC_FEATURE_YES);
	assert_int_equal(bcc_feature_query(ctx, "kernel", "btf"), BCC_FEATURE_YES);
	assert_int_equal(bcc_feature_query(ctx, "helper", "ktime_get_ns"), BCC_FEATURE_YES);
	assert_int_equal(bcc_feature_query(ctx, "map", "xdp"), -EINVAL);
	assert_int_equal(bcc_diag_count(ctx), 1);
	assert_int_equal(bcc_feature_query(ctx, "", ""), -EINVAL);
	assert_int_equal(bcc_feature_query(NULL, "map", "hash"), -EINVAL);
	assert_int_equal(bcc_feature_query(ctx, NULL, "hash"), -EINVAL);
	assert_int_equal(bcc_feature_query(ctx, "map", NULL), -EINVAL);
}

static void test_query_helper(void **state)
{
	(void)state;
	assert_int_equal(bcc_feature_query_helper(ctx, "bpf_redirect_map", "xdp"), BCC_FEATURE_YES);
	assert_int_equal(bcc_feature_query_helper(ctx, "redirect_map", "socket"), BCC_FEATURE_NO);
	assert_int_equal(bcc_feature_query_helper(ctx, "skb_store_bytes", "tc"), BCC_FEATURE_YES);
	assert_int_equal(bcc_feature_query_helper(ctx, "skb_store_bytes", "xdp"), BCC_FEATURE_NO);
	assert_int_equal(bcc_feature_query_helper(ctx, "nothing", "xdp"), -EINVAL);
	assert_int_equal(bcc_feature_query_helper(ctx, "redirect_map", "nothing"), -EINVAL);
}

struct seen {
	size_t n, stop_after;
	int stop_with;
};

static int look(void *data, const struct bcc_feature *f)
{
	struct seen *seen = data;
	unsigned major, minor;

	assert_int_equal(sscanf(f->since, "%u.%u", &major, &minor), 2);
	if (f->state == BCC_FEATURE_YES && bcc_kernel_version() < (major << 16 | minor << 8))
		fail_msg("%s %s works before %s", f->kind, f->name, f->since);
	assert_true(f->state != BCC_FEATURE_UNKNOWN || f->why);
	return ++seen->n == seen->stop_after ? seen->stop_with : 0;
}

static void test_walk(void **state)
{
	int before = bpf_descriptors();
	struct if_nameindex *interfaces = if_nameindex();
	struct seen seen = { 0 };
	int n;

	(void)state;
	n = bcc_features_walk(ctx, NULL, look, &seen);
	assert_int_equal(n, seen.n);
	assert_true(seen.n > 300);
	assert_int_equal(bpf_descriptors(), before);
	/* The namespace for the network's was another thread's. */
	assert_non_null(interfaces);
	assert_int_equal(if_nametoindex(interfaces[0].if_name), interfaces[0].if_index);
	if_freenameindex(interfaces);

	seen = (struct seen){ .stop_after = 3, .stop_with = 7 };
	assert_int_equal(bcc_features_walk(ctx, NULL, look, &seen), 3);
	seen = (struct seen){ .stop_after = 3, .stop_with = -EINTR };
	assert_int_equal(bcc_features_walk(ctx, NULL, look, &seen), -EINTR);
}

static void test_wrong(void **state)
{
	BCC_OPTS(bcc_feature_opts, opts, .kind = "nothing");
	struct seen seen = { 0 };

	(void)state;
	assert_int_equal(bcc_features_walk(ctx, &opts, look, &seen), -EINVAL);
	opts.size = 3;
	assert_int_equal(bcc_features_walk(ctx, &opts, look, &seen), -EINVAL);
	assert_int_equal(bcc_features_walk(ctx, NULL, NULL, &seen), -EINVAL);
	assert_int_equal(bcc_features_walk(NULL, NULL, look, &seen), -EINVAL);
	assert_int_equal(seen.n, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_query),
		cmocka_unit_test(test_query_helper),
		cmocka_unit_test(test_walk),
		cmocka_unit_test(test_wrong),
	};

	need_bpf();
	return cmocka_run_group_tests(tests, set_up, tear_down);
}
