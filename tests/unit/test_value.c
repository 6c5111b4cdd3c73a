/*
 * Values as text and JSON: examples one can read, then random types with random bytes, for which
 * writing, reading and writing again must give the same text, and every JSON text must be valid.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>
#include <locale.h>
#include <bpf/btf.h>

#include "json_check.h"
#include "table/type.h"

#define OBJECT TEST_BINARY_DATA "/types.bpf.o"
#define ROUNDS 20000

static struct btf *btf;
static struct type_store *store;
static uint64_t seed = 0x9e3779b97f4a7c15;

static unsigned rnd(unsigned n)
{
	seed = seed * 6364136223846793005 + 1442695040888963407;
	return (unsigned)(seed >> 33) % n;
}

static int setup(void **state)
{
	(void)state;
	btf = btf__parse_elf(OBJECT, NULL);
	store = btf ? type_store_create(btf) : NULL;
	return store ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	type_store_free(store);
	btf__free(btf);
	return 0;
}

static const struct bcc_type *record(const char *name)
{
	const struct bcc_type *type = NULL;
	int id = btf__find_by_name_kind(btf, name, BTF_KIND_STRUCT);

	assert_int_equal(type_from_btf(store, id, &type), 0);
	return type;
}

static void check_format(const struct bcc_type *type, const void *data, size_t size,
			 const char *want)
{
	char *text = bcc_type_format_dup(type, data, size);

	assert_non_null(text);
	assert_string_equal(text, want);
	free(text);
}

static void check_json(const struct bcc_type *type, const void *data, size_t size,
		       const char *want)
{
	char *text = bcc_type_json_dup(type, data, size);

	assert_non_null(text);
	assert_true(json_valid(text));
	assert_string_equal(text, want);
	free(text);
}

/* text -> bytes -> text */
static void check_round(const struct bcc_type *type, const char *text, const char *want)
{
	char data[512];

	memset(data, 0xa5, sizeof(data));
	assert_int_equal(bcc_type_parse(type, text, data, sizeof(data)), 0);
	check_format(type, data, sizeof(data), want);
}

#define EVENT_TAIL_ZERO "v4 = 0, named = {first = 0}, grid = [[0, 0, 0], [0, 0, 0]], ok = false, " \
	"ratio = 0, color = RED, mood = 0, wide = 0, mac = [0, 0, 0, 0, 0, 0], " \
	"lines = [\"\", \"\"], letter = 0, big = 0, negative = 0, strings = 0x0, rows = 0x0, " \
	"flexible = []}"

static void a_struct(void **state)
{
	const struct bcc_type *event = record("event");

	(void)state;
	check_round(event, "{}",
		    "{pid = 0, comm = \"\", ts = 0, left = 0, right = 0, " EVENT_TAIL_ZERO);
	check_round(event, " { right=2 ,comm = \"a\\n\\\"\\x01\\xff\\t\\\\z\" , pid = 0x10 } ",
		    "{pid = 16, comm = \"a\\n\\\"\\x01\\xff\\t\\\\z\", ts = 0, left = 0, right = 2, "
		    EVENT_TAIL_ZERO);
	check_round(event, "{v6 = [1, 2, 0, 0x80], grid = [[1, -2], [+3]], ok = true, "
		    "ratio = -1.5e300, color = BLUE, mood = COLD, wide = HUGE_ONE, "
		    "mac = [255], lines = [\"12345678\", [104, 'i']], letter = 'x', "
		    "big = 340282366920938463463374607431768211455, "
		    "negative = -170141183460469231731687303715884105728, "
		    "strings = 0xffffffffffffffff, ts = 18446744073709551615}",
		    "{pid = 0, comm = \"\", ts = 18446744073709551615, left = 0, right = 0, "
		    "v4 = 2147484161, named = {first = 0}, grid = [[1, -2, 0], [3, 0, 0]], "
		    "ok = true, ratio = -1.5000000000000001e+300, color = BLUE, mood = COLD, "
		    "wide = HUGE_ONE, mac = [255, 0, 0, 0, 0, 0], lines = [\"12345678\", \"hi\"], "
		    "letter = 120, big = 340282366920938463463374607431768211455, "
		    "negative = -170141183460469231731687303715884105728, "
		    "strings = 0xffffffffffffffff, rows = 0x0, flexible = []}");
}

static void bit_fields(void **state)
{
	const struct bcc_type *bits = record("bits");
	char *text;

	(void)state;
	text = "{a = 7, b = 8191, c = -16, color = GREEN, flag = true, wide = 1099511627775}";
	check_round(bits, text, text);
	text = "{a = 0, b = 0, c = 15, color = 511, flag = false, wide = 0}";
	check_round(bits, text, text);
}

static void refused(void **state)
{
	static const char *const bad[] = {
		"", "{", "{pid}", "{pid = }", "{pid = 1", "{pid = 1,}", "{pid: 1}", "{nope = 1}",
		"{} x", "{pid = 1 ts = 2}", "{pid = a}", "{comm = \"12345678901234567\"}",
		"{comm = \"a}", "{comm = \"\\q\"}", "{comm = \"\\x1\"}", "{grid = [[1,2,3,4]]}",
		"{grid = [1]}", "{ok = maybe}", "{color = PURPLE}", "{ratio = x}", "{mac = \"a\"}",
		"{pid = 12ab}", "{pid = 0x}", "{pid = --1}", "{letter = 'ab'}", "{comm = \"\\",
		"{= 1}", "[", "{letter = '", "{pid = 1}}", "{ratio = 1.5x}", "{grid = [[1,]]}",
	};
	static const char *const range[] = {
		"{pid = 4294967296}", "{pid = -1}", "{letter = 128}", "{ok = 2}",
		"{grid = [[2147483648]]}", "{grid = [[-2147483649]]}",
		"{big = 340282366920938463463374607431768211456}",
		"{negative = 170141183460469231731687303715884105728}",
		"{negative = -170141183460469231731687303715884105729}",
		"{strings = 0x10000000000000000}", "{wide = 0x1ffffffffffffffff}",
	};
	const struct bcc_type *event = record("event");
	char data[512], same[512];

	(void)state;
	memset(data, 0x5a, sizeof(data));
	memcpy(same, data, sizeof(same));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(bcc_type_parse(event, bad[i], data, sizeof(data)), -EINVAL);
	for (size_t i = 0; i < sizeof(range) / sizeof(range[0]); i++)
		assert_int_equal(bcc_type_parse(event, range[i], data, sizeof(data)), -ERANGE);
	assert_memory_equal(data, same, sizeof(same));
	assert_int_equal(bcc_type_parse(event, "{}", data, 3), -EINVAL);
	assert_int_equal(bcc_type_parse(NULL, "{}", data, 3), -EINVAL);
	assert_int_equal(bcc_type_parse(record("bits"), "{a = 8}", data, 64), -ERANGE);
	assert_int_equal(bcc_type_parse(record("bits"), "{c = -17}", data, 64), -ERANGE);
	assert_null(bcc_type_format_dup(event, data, 3));
	assert_null(bcc_type_json_dup(NULL, data, 3));
}

static void json(void **state)
{
	const struct bcc_type *event = record("event");
	const struct bcc_type *bytes = type_bytes(store, 4);
	char data[512] = {};
	char *text;

	(void)state;
	assert_int_equal(bcc_type_parse(event, "{pid = 1, comm = \"caf\xc3\xa9\\n\\x7f\\\"\", "
					"wide = 5, color = BLUE, ratio = nan, rows = 0x10}",
					data, sizeof(data)), 0);
	check_json(event, data, sizeof(data),
		   "{\"pid\": 1, \"comm\": \"caf\xc3\xa9\\u000a\\u007f\\\"\", \"ts\": 0, "
		   "\"left\": 0, \"right\": 0, \"v4\": 0, \"named\": {\"first\": 0}, "
		   "\"grid\": [[0, 0, 0], [0, 0, 0]], \"ok\": false, \"ratio\": null, "
		   "\"color\": \"BLUE\", \"mood\": 0, \"wide\": 5, \"mac\": [0, 0, 0, 0, 0, 0], "
		   "\"lines\": [\"\", \"\"], \"letter\": 0, \"big\": 0, \"negative\": 0, "
		   "\"strings\": 0, \"rows\": 16, \"flexible\": []}");
	assert_int_equal(bcc_type_parse(event, "{comm = \"\\xff\\xfe\"}", data, sizeof(data)), 0);
	text = bcc_type_json_dup(event, data, sizeof(data));
	assert_non_null(strstr(text, "\"comm\": {\"b64\": \"//4=\"}"));
	free(text);
	check_json(bytes, "\0abc", 4, "{\"b64\": \"AGFiYw==\"}");
	check_format(bytes, "\0abc", 4, "x\"00616263\"");
	check_round(bytes, "x\"00fFab10\"", "x\"00ffab10\"");
	assert_int_equal(bcc_type_parse(bytes, "x\"00ff\"", data, 4), -EINVAL);
}

/* The same text whatever the process's locale says of decimal points. */
static void locales(void **state)
{
	(void)state;
	if (!setlocale(LC_ALL, "de_DE.UTF-8") && !setlocale(LC_ALL, "fr_FR.UTF-8"))
		setlocale(LC_ALL, "");
	check_round(record("event"), "{ratio = 0.5}",
		    "{pid = 0, comm = \"\", ts = 0, left = 0, right = 0, v4 = 0, "
		    "named = {first = 0}, grid = [[0, 0, 0], [0, 0, 0]], ok = false, ratio = 0.5, "
		    "color = RED, mood = 0, wide = 0, mac = [0, 0, 0, 0, 0, 0], "
		    "lines = [\"\", \"\"], letter = 0, big = 0, negative = 0, strings = 0x0, "
		    "rows = 0x0, flexible = []}");
	setlocale(LC_ALL, "C");
}

/* --- random types --- */

struct made {
	struct btf *btf;
	unsigned names;
};

static uint32_t size_of(const struct btf *b, int id)
{
	int64_t size = btf__resolve_size(b, id);

	return size < 0 ? 0 : (uint32_t)size;
}

static int random_scalar(struct made *m)
{
	static const uint32_t sizes[] = { 1, 2, 4, 8, 16 };
	char name[32];
	int id;

	snprintf(name, sizeof(name), "t%u", m->names++);
	switch (rnd(8)) {
	case 0:
		return btf__add_int(m->btf, "char", 1, rnd(2) ? BTF_INT_SIGNED : 0);
	case 1:
		return btf__add_int(m->btf, name, 1, BTF_INT_BOOL);
	case 2:
		return btf__add_float(m->btf, name, rnd(2) ? 4 : 8);
	case 3:
		id = btf__add_enum(m->btf, name, rnd(2) ? 4 : 1);
		for (unsigned i = rnd(4); i; i--) {
			snprintf(name, sizeof(name), "E%u", m->names++);
			btf__add_enum_value(m->btf, name, (int64_t)rnd(8) - 3);
		}
		return id;
	case 4:
		return btf__add_ptr(m->btf, 0);
	default:
		return btf__add_int(m->btf, name, sizes[rnd(5)], rnd(2) ? BTF_INT_SIGNED : 0);
	}
}

static int random_type(struct made *m, unsigned depth);

static int random_record(struct made *m, unsigned depth)
{
	bool is_union = rnd(4) == 0;
	unsigned n = rnd(5);
	uint32_t bits = 0, largest = 0;
	uint32_t offset[8], width[8];
	int types[8], id;
	char name[32];

	for (unsigned i = 0; i < n; i++) {
		uint32_t size;

		types[i] = random_type(m, depth + 1);
		size = size_of(m->btf, types[i]) * 8;
		width[i] = 0;
		if (btf_is_int(btf__type_by_id(m->btf, types[i])) && rnd(3) == 0) {
			width[i] = 1 + rnd(size);
			if (size == 8 && width[i] > 1 && rnd(2))
				width[i] = 8;
			size = width[i];
		} else {
			bits = (bits + 7) & ~7u;
		}
		offset[i] = is_union ? 0 : bits;
		bits = is_union ? 0 : bits + size;
		largest = size > largest ? size : largest;
	}
	if (is_union)
		bits = largest;
	snprintf(name, sizeof(name), "r%u", m->names++);
	id = is_union ? btf__add_union(m->btf, name, bits / 8 + 2)
		      : btf__add_struct(m->btf, name, bits / 8 + 2);
	for (unsigned i = 0; i < n; i++) {
		bool anonymous = btf_is_composite(btf__type_by_id(m->btf, types[i])) && rnd(2);

		snprintf(name, sizeof(name), "m%u", m->names++);
		assert_int_equal(btf__add_field(m->btf, anonymous ? "" : name, types[i], offset[i],
						width[i]), 0);
	}
	return id;
}

static int random_type(struct made *m, unsigned depth)
{
	char name[32];
	int id;

	switch (depth > 3 ? 9 : rnd(10)) {
	case 0:
	case 1:
	case 2:
		return random_record(m, depth);
	case 3:
	case 4:
		id = random_type(m, depth + 1);
		return btf__add_array(m->btf, 1, id, size_of(m->btf, id) ? rnd(5) : 0);
	case 5:
		snprintf(name, sizeof(name), "d%u", m->names++);
		id = random_type(m, depth + 1);
		return btf__add_typedef(m->btf, name, btf__add_const(m->btf, id));
	default:
		return random_scalar(m);
	}
}

/* Bytes that make interesting values: zeros, ones, letters, noise. */
static void random_bytes(unsigned char *data, size_t n)
{
	unsigned how = rnd(5);

	for (size_t i = 0; i < n; i++)
		data[i] = how == 0 ? 0 : how == 1 ? 0xff : how == 2 ? 'a' + rnd(26) : rnd(256);
}

static void random_round(struct made *m)
{
	const struct bcc_type *type;
	struct type_store *types;
	unsigned char *data, *back;
	char *text, *again, *as_json;
	int id;

	m->btf = btf__new_empty();
	m->names = 0;
	btf__add_int(m->btf, "int", 4, BTF_INT_SIGNED);
	id = random_type(m, 0);
	types = type_store_create(m->btf);
	assert_int_equal(type_from_btf(types, id, &type), 0);
	assert_int_equal(type->size, size_of(m->btf, id));
	/* Exactly as large as the type: the sanitizers see any step outside. */
	data = malloc(type->size);
	back = malloc(type->size);
	random_bytes(data, type->size);
	text = bcc_type_format_dup(type, data, type->size);
	as_json = bcc_type_json_dup(type, data, type->size);
	assert_non_null(text);
	if (type->size) {
		if (bcc_type_parse(type, text, back, type->size))
			fail_msg("not read back: %s", text);
		again = bcc_type_format_dup(type, back, type->size);
		assert_string_equal(text, again);
		free(again);
	}
	if (!json_valid(as_json))
		fail_msg("no JSON: %s", as_json);
	/* Damaged text is read or refused, and never more than that. */
	if (text[0])
		text[rnd((unsigned)strlen(text))] = (char)(1 + rnd(126));
	if (type->size)
		bcc_type_parse(type, text, back, type->size);
	free(as_json);
	free(text);
	free(back);
	free(data);
	type_store_free(types);
	btf__free(m->btf);
}

static void random_types(void **state)
{
	struct made m;

	(void)state;
	for (int i = 0; i < ROUNDS; i++)
		random_round(&m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_struct), cmocka_unit_test(bit_fields),
		cmocka_unit_test(refused),  cmocka_unit_test(json),
		cmocka_unit_test(locales),  cmocka_unit_test(random_types),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
