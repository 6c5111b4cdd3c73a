/*
 * Tables on real maps: each kind, text forms, walks of large and of changing tables, histograms.
 */
#include "fixture.h"

#include <pthread.h>
#include <stdatomic.h>

#include <bpf/bpf.h>

struct key {
	uint32_t pid;
	char comm[16];
};

struct value {
	uint64_t count;
	int32_t delta;
	uint32_t flag : 1;
	uint32_t rest : 31;
};

struct prefix {
	uint32_t length;
	uint8_t address[4];
};

static struct fixture f;

static int setup(void **state)
{
	(void)state;
	return open_fixture(&f, "tables");
}

static int teardown(void **state)
{
	(void)state;
	bcc_context_destroy(f.ctx);
	return 0;
}

static void check_kind(const char *name, const char *kind, const char *key, const char *value)
{
	struct bcc_table *t = table(&f, name);

	assert_string_equal(bcc_table_kind(t), kind);
	assert_string_equal(bcc_table_name(t), name);
	assert_string_equal(bcc_type_name(bcc_table_key_type(t)), key);
	assert_string_equal(bcc_type_name(bcc_table_value_type(t)), value);
	assert_true(bcc_table_fd(t) >= 0);
	assert_true(bcc_table_max_entries(t) > 0);
}

static void kinds(void **state)
{
	(void)state;
	check_kind("hash", "hash", "struct key", "struct value");
	check_kind("array", "array", "__u32", "__u64");
	check_kind("percpu_hash", "percpu_hash", "__u32", "__u32");
	check_kind("percpu_array", "percpu_array", "__u32", "struct value");
	check_kind("lru_hash", "lru_hash", "__u32", "__u64");
	check_kind("lru_percpu_hash", "lru_percpu_hash", "__u32", "__u64");
	check_kind("lpm", "lpm_trie", "struct prefix", "__u32");
	check_kind("dist", "histogram", "int", "__u64");
	check_kind("queue", "queue", "", "__u32");
	check_kind("stack", "stack", "", "bytes[12]");
	check_kind("stacks", "stacktrace", "u32", "u64[127]");
	check_kind("programs", "prog", "u32", "u32");
	check_kind("ring", "ringbuf", "", "");
	assert_true(bcc_table_is_histogram(table(&f, "dist")));
	assert_false(bcc_table_is_histogram(table(&f, "array")));
	assert_int_equal(bcc_table_value_stride(table(&f, "percpu_hash")), 8);
	assert_int_equal(bcc_table_value_stride(table(&f, "hash")), sizeof(struct value));
	assert_int_equal(bcc_table_values(table(&f, "hash")), 1);
}

static void bytes(void **state)
{
	struct bcc_table *t = table(&f, "hash");
	struct key key = { .pid = 1, .comm = "one" };
	struct value value = { .count = 7, .delta = -2, .rest = 5 }, back;

	(void)state;
	assert_int_equal(bcc_table_get(t, &key, &back), -ENOENT);
	assert_int_equal(bcc_diag_count(f.ctx), 0);
	assert_int_equal(bcc_table_delete(t, &key), -ENOENT);
	assert_int_equal(bcc_table_set(t, &key, &value), 0);
	assert_int_equal(bcc_table_get(t, &key, &back), 0);
	assert_memory_equal(&value, &back, sizeof(value));
	for (key.pid = 2; key.pid < 5; key.pid++)
		assert_int_equal(bcc_table_set(t, &key, &value), 0);
	assert_int_equal(bcc_table_set(t, &key, &value), -E2BIG);
	assert_string_equal(message(&f), "table hash is full: it holds 4 entries");
	assert_int_equal(bcc_table_clear(t), 0);
	key.pid = 3;
	assert_int_equal(bcc_table_get(t, &key, &back), -ENOENT);
}

static void text(void **state)
{
	struct bcc_table *t = table(&f, "hash");
	char *value = NULL;

	(void)state;
	assert_int_equal(bcc_table_set_text(t, "{pid = 5, comm = \"a b\"}",
					    "{count = 9, delta = -1, flag = 1}"), 0);
	assert_int_equal(bcc_table_get_text(t, "{comm=\"a b\", pid=0x5}", &value), 0);
	assert_string_equal(value, "{count = 9, delta = -1, flag = 1, rest = 0}");
	bcc_free(value);
	assert_int_equal(bcc_table_get_text(t, "{pid = 6}", &value), -ENOENT);
	assert_int_equal(bcc_table_get_text(t, "six", &value), -EINVAL);
	assert_string_equal(message(&f), "key of hash: 'six' is no struct key");
	assert_int_equal(bcc_table_set_text(t, "{pid = 6}", "{flag = 2}"), -ERANGE);
	assert_string_equal(message(&f),
			    "value of hash: a number in '{flag = 2}' does not fit struct value");
	assert_int_equal(bcc_table_delete_text(t, "{pid = 5, comm = \"a b\"}"), 0);
	assert_int_equal(bcc_table_delete_text(t, "{pid = 5, comm = \"a b\"}"), -ENOENT);
}

/* The text of a per-CPU value in which each CPU has what plain says. */
static void check_same(struct bcc_table *t, const char *key, const char *plain)
{
	size_t n = bcc_table_values(t), length = strlen(plain);
	char *value, *at;

	assert_int_equal(bcc_table_get_text(t, key, &value), 0);
	at = value;
	for (size_t i = 0; i < n; i++) {
		at += i ? 2 : 1;
		assert_memory_equal(at, plain, length);
		at += length;
	}
	assert_string_equal(at, "]");
	bcc_free(value);
}

static void per_cpu(void **state)
{
	struct bcc_table *t = table(&f, "percpu_hash");
	size_t n = bcc_table_values(t);
	uint64_t *values = calloc(n, sizeof(*values));
	uint32_t key = 7;
	char *value;

	(void)state;
	assert_true(bcc_table_is_percpu(t));
	assert_int_equal(bcc_table_buffer_size(t), n * sizeof(*values));
	for (size_t i = 0; i < n; i++)
		values[i] = i + 1;
	assert_int_equal(bcc_table_set(t, &key, values), 0);
	assert_int_equal(bcc_table_get_text(t, "7", &value), 0);
	assert_memory_equal(value, n > 1 ? "[1, " : "[1]", 3);
	assert_int_equal(bcc_table_set_text(t, "8", value), 0);
	bcc_free(value);
	memset(values, 0, n * sizeof(*values));
	key = 8;
	assert_int_equal(bcc_table_get(t, &key, values), 0);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(values[i], i + 1);
	free(values);
	assert_int_equal(bcc_table_set_text(t, "8", "42"), 0);
	check_same(t, "8", "42");
	assert_int_equal(bcc_table_set_text(t, "8", "[]"), -EINVAL);
	t = table(&f, "percpu_array");
	assert_int_equal(bcc_table_set_text(t, "2", "{count = 3}"), 0);
	check_same(t, "2", "{count = 3, delta = 0, flag = 0, rest = 0}");
	assert_int_equal(bcc_table_clear(t), 0);
	check_same(t, "2", "{count = 0, delta = 0, flag = 0, rest = 0}");
}

static void arrays(void **state)
{
	struct bcc_table *t = table(&f, "array");
	uint32_t key = 8;
	uint64_t value = 1;

	(void)state;
	assert_int_equal(bcc_table_set(t, &key, &value), -E2BIG);
	assert_string_equal(message(&f), "the key is past the end of table array: it has 8 entries");
	key = 7;
	assert_int_equal(bcc_table_set(t, &key, &value), 0);
	assert_int_equal(bcc_table_delete(t, &key), -EINVAL);
	assert_string_equal(message(&f), "cannot delete from table array (array): invalid argument");
	assert_int_equal(bcc_table_clear(t), 0);
	assert_int_equal(bcc_table_get(t, &key, &value), 0);
	assert_int_equal(value, 0);
}

static void queues(void **state)
{
	struct bcc_table *t = table(&f, "queue");
	struct bcc_table_iter *iter = NULL;
	uint32_t value = 5, back = 0;

	(void)state;
	assert_int_equal(bcc_table_set(t, NULL, &value), 0);
	assert_int_equal(bcc_table_get(t, NULL, &back), 0);
	assert_int_equal(back, 5);
	assert_int_equal(bcc_table_iter_create(t, &iter), -EOPNOTSUPP);
	assert_int_equal(bcc_diag_count(f.ctx), 1);
	assert_int_equal(bcc_table_clear(t), 0);
	assert_int_equal(bcc_table_get(t, NULL, &back), -ENOENT);
	assert_int_equal(bcc_table_set_text(table(&f, "stack"), "", "x\"000102030405060708090a0b\""),
			 0);
}

static void misuse(void **state)
{
	struct bcc_table_iter *iter = NULL;
	uint32_t key = 0;
	char *value;

	(void)state;
	assert_int_equal(bcc_table_get(NULL, &key, &key), -EINVAL);
	assert_int_equal(bcc_table_get(table(&f, "array"), NULL, &key), -EINVAL);
	assert_int_equal(bcc_table_set(table(&f, "array"), &key, NULL), -EINVAL);
	assert_int_equal(bcc_table_get_text(table(&f, "array"), NULL, &value), -EINVAL);
	assert_int_equal(bcc_table_set_text(table(&f, "array"), "1", NULL), -EINVAL);
	assert_int_equal(bcc_table_clear(NULL), -EINVAL);
	assert_int_equal(bcc_table_iter_create(NULL, &iter), -EINVAL);
	assert_int_equal(bcc_table_clear(table(&f, "ring")), -EINVAL);
	assert_string_equal(message(&f), "table ring is an event buffer: it has no entries");
	assert_string_equal(bcc_table_name(NULL), "");
	assert_string_equal(bcc_table_kind(NULL), "unknown");
	bcc_table_iter_destroy(NULL);
}

static void fill_large(uint32_t n)
{
	struct bcc_table *t = table(&f, "large");
	uint64_t value;

	for (uint32_t i = 0; i < n; i++) {
		value = (uint64_t)i * 3;
		assert_int_equal(bpf_map_update_elem(bcc_table_fd(t), &i, &value, BPF_ANY), 0);
	}
}

static void a_full_table(void **state)
{
	struct bcc_table *t = table(&f, "large");
	const void *key, *value;
	struct bcc_table_iter *iter;
	char *seen = calloc(100000, 1);
	size_t n = 0;

	(void)state;
	fill_large(100000);
	assert_int_equal(bcc_table_iter_create(t, &iter), 0);
	while (bcc_table_iter_next(iter, &key, &value) > 0) {
		uint32_t k = *(uint32_t *)key;

		assert_true(k < 100000 && !seen[k]++);
		assert_int_equal(*(uint64_t *)value, (uint64_t)k * 3);
		n++;
	}
	assert_int_equal(n, 100000);
	assert_int_equal(bcc_table_iter_next(iter, &key, &value), 0);
	bcc_table_iter_destroy(iter);
	free(seen);
	assert_int_equal(bcc_table_clear(t), 0);
	assert_int_equal(bcc_table_iter_create(t, &iter), 0);
	assert_int_equal(bcc_table_iter_next(iter, &key, &value), 0);
	bcc_table_iter_destroy(iter);
}

struct churn {
	int fd;
	atomic_bool stop;
};

/* Removes and adds the odd keys all the time; the even ones stay. */
static void *churn(void *arg)
{
	struct churn *c = arg;
	uint64_t value = 0;

	while (!atomic_load(&c->stop)) {
		for (uint32_t i = 1; i < 20000; i += 2)
			bpf_map_delete_elem(c->fd, &i);
		for (uint32_t i = 1; i < 20000; i += 2)
			bpf_map_update_elem(c->fd, &i, &value, BPF_ANY);
	}
	return NULL;
}

static void a_changing_table(void **state)
{
	struct bcc_table *t = table(&f, "large");
	struct churn c = { .fd = bcc_table_fd(t) };
	const void *key, *value;
	struct bcc_table_iter *iter;
	pthread_t thread;

	(void)state;
	fill_large(20000);
	assert_int_equal(pthread_create(&thread, NULL, churn, &c), 0);
	for (int round = 0; round < 20; round++) {
		char *seen = calloc(20000, 1);
		size_t even = 0;

		assert_int_equal(bcc_table_iter_create(t, &iter), 0);
		while (bcc_table_iter_next(iter, &key, &value) > 0) {
			uint32_t k = *(uint32_t *)key;

			assert_true(k < 20000);
			if (k % 2 == 0) {
				assert_false(seen[k]++);
				even++;
			}
		}
		bcc_table_iter_destroy(iter);
		free(seen);
		assert_int_equal(even, 10000);
	}
	atomic_store(&c.stop, true);
	pthread_join(thread, NULL);
	assert_int_equal(bcc_table_clear(t), 0);
}

static void small_walks(void **state)
{
	static const char *const names[] = { "percpu_hash", "lru_percpu_hash" };
	const void *key, *value;
	struct bcc_table_iter *iter;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct bcc_table *t = table(&f, names[i]);
		uint32_t sum = 0;
		char text_key[16];

		assert_int_equal(bcc_table_clear(t), 0);
		for (uint32_t k = 1; k <= 100; k++) {
			snprintf(text_key, sizeof(text_key), "%u", k);
			assert_int_equal(bcc_table_set_text(t, text_key, text_key), 0);
		}
		assert_int_equal(bcc_table_iter_create(t, &iter), 0);
		while (bcc_table_iter_next(iter, &key, &value) > 0) {
			assert_int_equal(*(uint32_t *)key, *(uint32_t *)value);
			sum += *(uint32_t *)key;
		}
		bcc_table_iter_destroy(iter);
		assert_int_equal(sum, 5050);
	}
	assert_int_equal(bcc_table_iter_create(table(&f, "array"), &iter), 0);
	for (uint32_t k = 0; k < 8; k++) {
		assert_int_equal(bcc_table_iter_next(iter, &key, &value), 1);
		assert_int_equal(*(uint32_t *)key, k);
	}
	assert_int_equal(bcc_table_iter_next(iter, &key, &value), 0);
	bcc_table_iter_destroy(iter);
	assert_int_equal(bcc_table_iter_create(table(&f, "programs"), &iter), 0);
	assert_int_equal(bcc_table_iter_next(iter, &key, &value), 0);
	bcc_table_iter_destroy(iter);
}

/* A map without batches, whose entries go while it is walked: key by key. */
static void key_by_key(void **state)
{
	struct bcc_table *t = table(&f, "lpm");
	struct prefix p = { .length = 32 };
	const void *key, *value;
	struct bcc_table_iter *iter;
	char *seen = calloc(5000, 1);
	size_t even = 0, all = 0;
	uint32_t v;
	int ret;

	(void)state;
	for (v = 0; v < 5000; v++) {
		p.address[2] = v >> 8;
		p.address[3] = v & 255;
		assert_int_equal(bcc_table_set(t, &p, &v), 0);
	}
	assert_int_equal(bcc_table_iter_create(t, &iter), 0);
	while ((ret = bcc_table_iter_next(iter, &key, &value)) > 0) {
		v = *(uint32_t *)value;
		assert_true(v < 5000 && !seen[v]++);
		all++;
		even += v % 2 == 0;
		if (v % 2 && v % 64 == 1)
			assert_int_equal(bcc_table_delete(t, key), 0);
	}
	assert_int_equal(ret, 0);
	assert_int_equal(even, 2500);
	assert_int_equal(all, 5000);
	bcc_table_iter_destroy(iter);
	free(seen);
	assert_int_equal(bcc_table_clear(t), 0);
}

static void check_histogram(const char *name, const struct bcc_histogram_opts *opts,
			    const char *want)
{
	char *got = NULL;

	assert_int_equal(bcc_table_histogram_dup(table(&f, name), opts, &got), 0);
	assert_string_equal(got, want);
	bcc_free(got);
}

#define STARS "****************************************"
#define SPACES "                                        "

static void histograms(void **state)
{
	BCC_OPTS(bcc_histogram_opts, usecs, .value_name = "usecs");
	BCC_OPTS(bcc_histogram_opts, linear, .value_name = "cpu", .linear = true);
	struct bcc_table *t;
	char *got;

	(void)state;
	check_histogram("dist", &usecs, "");
	assert_int_equal(bcc_table_set_text(table(&f, "dist"), "2", "3"), 0);
	check_histogram("dist", &usecs,
			"     usecs               : count     distribution\n"
			"         0 -> 1          : 0        |" SPACES "|\n"
			"         2 -> 3          : 3        |" STARS "|\n");
	t = table(&f, "disks");
	assert_int_equal(bcc_table_set_text(t, "{disk = \"sdb\", kind = 10, slot = 1}", "2"), 0);
	assert_int_equal(bcc_table_set_text(t, "{disk = \"sdb\", kind = 9, slot = 1}", "2"), 0);
	assert_int_equal(bcc_table_set_text(t, "{disk = \"sda\", kind = 9, slot = 1}", "2"), 0);
#define ONE "     value               : count     distribution\n" \
	"         0 -> 1          : 2        |" STARS "|\n"
	check_histogram("disks", NULL, "\ndisk = sda, kind = 9\n" ONE "\ndisk = sdb, kind = 9\n" ONE
			"\ndisk = sdb, kind = 10\n" ONE);
	assert_int_equal(bcc_table_set_text(t, "{slot = 65}", "2"), 0);
	assert_int_equal(bcc_table_histogram_dup(t, NULL, &got), -ERANGE);
	t = table(&f, "cpus");
	assert_int_equal(bcc_table_set_text(t, "1", "1"), 0);
	got = NULL;
	assert_int_equal(bcc_table_histogram_dup(t, &linear, &got), 0);
	assert_non_null(strstr(got, "        1          : "));
	assert_null(strstr(got, "        2          : "));
	bcc_free(got);
	assert_int_equal(bcc_table_histogram_dup(table(&f, "hash"), NULL, &got), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds),       cmocka_unit_test(bytes),
		cmocka_unit_test(text),        cmocka_unit_test(per_cpu),
		cmocka_unit_test(arrays),      cmocka_unit_test(queues),
		cmocka_unit_test(misuse),      cmocka_unit_test(a_full_table),
		cmocka_unit_test(small_walks), cmocka_unit_test(a_changing_table),
		cmocka_unit_test(key_by_key),  cmocka_unit_test(histograms),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
