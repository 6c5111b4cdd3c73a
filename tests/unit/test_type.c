/*
 * Types from BTF: of a real object by clang, of BTF made by hand (the old encoding of bit-fields),
 * and of BTF that no compiler would write.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include <errno.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>

#include "table/type.h"

#define OBJECT TEST_BINARY_DATA "/types.bpf.o"

static struct btf *btf;
static struct type_store *store;

static int setup(void **state)
{
	(void)state;
	btf = btf__parse_elf(OBJECT, NULL);
	assert_non_null(btf);
	store = type_store_create(btf);
	return store ? 0 : -1;
}

static int teardown(void **state)
{
	(void)state;
	type_store_free(store);
	btf__free(btf);
	return 0;
}

static const struct bcc_type *by_name(const char *name)
{
	const struct bcc_type *type = NULL;
	int id = btf__find_by_name_kind(btf, name, BTF_KIND_STRUCT);

	assert_true(id > 0);
	assert_int_equal(type_from_btf(store, id, &type), 0);
	return type;
}

static struct bcc_member member(const struct bcc_type *type, const char *name)
{
	struct bcc_member m;

	for (size_t i = 0; bcc_type_member(type, i, &m) == 0; i++)
		if (!strcmp(m.name, name))
			return m;
	fail_msg("no member %s", name);
	return m;
}

static void check(const char *name, enum bcc_type_kind kind, const char *spelled, size_t size)
{
	struct bcc_member m = member(by_name("event"), name);

	assert_int_equal(bcc_type_kind(m.type), kind);
	assert_string_equal(bcc_type_name(m.type), spelled);
	assert_int_equal(bcc_type_size(m.type), size);
}

static void kinds_names_and_sizes(void **state)
{
	(void)state;
	check("pid", BCC_TYPE_INT, "u32", 4);
	check("comm", BCC_TYPE_ARRAY, "char[16]", 16);
	check("named", BCC_TYPE_UNION, "union", 8);
	check("grid", BCC_TYPE_ARRAY, "int[2][3]", 24);
	check("ok", BCC_TYPE_BOOL, "bool", 1);
	check("ratio", BCC_TYPE_FLOAT, "double", 8);
	check("color", BCC_TYPE_ENUM, "enum color", 4);
	check("wide", BCC_TYPE_ENUM, "enum wide", 8);
	check("mac", BCC_TYPE_ARRAY, "const volatile u8[6]", 6);
	check("lines", BCC_TYPE_ARRAY, "char[2][8]", 16);
	check("letter", BCC_TYPE_CHAR, "char", 1);
	check("big", BCC_TYPE_INT, "unsigned __int128", 16);
	check("strings", BCC_TYPE_POINTER, "const char *const *", 8);
	check("rows", BCC_TYPE_POINTER, "int (*)[4]", 8);
	check("flexible", BCC_TYPE_ARRAY, "long[0]", 0);
	assert_string_equal(bcc_type_name(by_name("event")), "struct event");
	assert_string_equal(bcc_type_name(member(by_name("node"), "call").type), "callback");
	assert_string_equal(bcc_type_name(member(by_name("node"), "task").type),
			    "const struct task *");
}

static void arrays_nest(void **state)
{
	const struct bcc_type *grid = member(by_name("event"), "grid").type, *row;

	(void)state;
	row = bcc_type_element(grid);
	assert_int_equal(bcc_type_length(grid), 2);
	assert_int_equal(bcc_type_length(row), 3);
	assert_int_equal(bcc_type_kind(bcc_type_element(row)), BCC_TYPE_INT);
	assert_true(bcc_type_is_signed(bcc_type_element(row)));
	assert_true(type_is_string(member(by_name("event"), "comm").type));
	assert_false(type_is_string(member(by_name("event"), "mac").type));
}

static void enums_have_names(void **state)
{
	const struct bcc_type *color = member(by_name("event"), "color").type;
	const struct bcc_type *mood = member(by_name("event"), "mood").type;
	const struct bcc_type *wide = member(by_name("event"), "wide").type;

	(void)state;
	assert_string_equal(bcc_type_enumerator(color, 7), "GREEN");
	assert_null(bcc_type_enumerator(color, 8));
	assert_string_equal(bcc_type_enumerator(mood, -5), "COLD");
	assert_string_equal(bcc_type_enumerator(wide, 0x100000000), "HUGE_ONE");
	assert_null(bcc_type_enumerator(member(by_name("event"), "pid").type, 0));
}

static void bit_fields(void **state)
{
	const struct bcc_type *bits = by_name("bits");

	(void)state;
	assert_int_equal(member(bits, "b").bit_offset, 3);
	assert_int_equal(member(bits, "b").bit_size, 13);
	assert_int_equal(member(bits, "color").bit_size, 9);
	assert_int_equal(member(bits, "wide").bit_size, 40);
}

/* The encoding before bit-fields were in the member: an integer type of fewer bits. */
static void old_bit_fields(void **state)
{
	struct btf *old = btf__new_empty();
	struct type_store *types = type_store_create(old);
	const struct bcc_type *type;
	struct btf_type *raw;
	int u32, narrow, record;

	(void)state;
	u32 = btf__add_int(old, "unsigned int", 4, 0);
	narrow = btf__add_int(old, "unsigned int", 4, 0);
	record = btf__add_struct(old, "old", 8);
	assert_int_equal(btf__add_field(old, "whole", u32, 0, 0), 0);
	assert_int_equal(btf__add_field(old, "part", narrow, 32, 0), 0);
	assert_int_equal(btf__add_field(old, "skewed", u32, 32, 0), 0);
	raw = (struct btf_type *)btf__type_by_id(old, narrow);
	*(uint32_t *)(raw + 1) = 1 << 16 | 3; /* 3 bits, 1 bit in */
	raw = (struct btf_type *)btf__type_by_id(old, record);
	/* A whole integer that starts within a byte: it would end behind the struct. */
	btf_members(raw)[2].offset = 35;
	assert_int_equal(type_from_btf(types, record, &type), -EINVAL);
	type_store_free(types);

	types = type_store_create(old);
	raw->info = (raw->info & ~0xffffu) | 2;
	assert_int_equal(type_from_btf(types, record, &type), 0);
	assert_int_equal(member(type, "whole").bit_size, 0);
	assert_int_equal(member(type, "part").bit_size, 3);
	assert_int_equal(member(type, "part").bit_offset, 33);
	type_store_free(types);
	btf__free(old);
}

/* BTF that does not add up is refused: nothing later may read past a value. */
static void malformed(void **state)
{
	struct btf *bad = btf__new_empty();
	struct type_store *types = type_store_create(bad);
	const struct bcc_type *type;
	int u32, self, past, array, loop;

	(void)state;
	u32 = btf__add_int(bad, "u32", 4, 0);
	self = btf__add_struct(bad, "self", 64);
	assert_int_equal(btf__add_field(bad, "me", self, 0, 0), 0);
	past = btf__add_struct(bad, "past", 4);
	assert_int_equal(btf__add_field(bad, "x", u32, 8, 0), 0);
	array = btf__add_array(bad, u32, u32, 0xffffffff);
	loop = btf__add_typedef(bad, "loop", btf__type_cnt(bad) + 1);
	btf__add_typedef(bad, "pool", loop);
	assert_int_equal(type_from_btf(types, self, &type), -EINVAL);
	assert_int_equal(type_from_btf(types, past, &type), -EINVAL);
	assert_int_equal(type_from_btf(types, array, &type), -EINVAL);
	assert_int_equal(type_from_btf(types, loop, &type), -EINVAL);
	assert_int_equal(type_from_btf(types, 4711, &type), -EINVAL);
	/* And it stays refused. */
	assert_int_equal(type_from_btf(types, self, &type), -EINVAL);
	type_store_free(types);
	btf__free(bad);
}

/* Takes one type all the way: whatever was accepted can be written and read. */
static void use(const struct bcc_type *type)
{
	unsigned char *data;
	char *text, *json;

	if (type->size > 10000)
		return;
	data = malloc(type->size + 1);
	memset(data, 0xc3, type->size);
	text = bcc_type_format_dup(type, data, type->size);
	json = bcc_type_json_dup(type, data, type->size);
	assert_non_null(text);
	assert_non_null(json);
	bcc_type_parse(type, text, data, type->size);
	free(json);
	free(text);
	free(data);
}

/* Real BTF with a few words changed: made or refused, never a step outside its bytes. */
static void mutated(void **state)
{
	const struct btf_header *header;
	uint32_t size, seed = 1;
	const unsigned char *raw = btf__raw_data(btf, &size);
	unsigned char *copy = malloc(size);

	(void)state;
	header = (const struct btf_header *)raw;
	libbpf_set_print(NULL);
	for (int round = 0; round < 3000; round++) {
		struct type_store *types;
		const struct bcc_type *type;
		struct btf *changed;

		memcpy(copy, raw, size);
		for (int i = 0; i < 1 + round % 3; i++) {
			uint32_t at = header->hdr_len + header->type_off, word;

			seed = seed * 1664525 + 1013904223;
			at += (seed >> 8) % (header->type_len / 4) * 4;
			memcpy(&word, copy + at, 4);
			word = round % 2 ? word ^ 1u << (seed % 32) : seed % 40;
			memcpy(copy + at, &word, 4);
		}
		changed = btf__new(copy, size);
		if (!changed)
			continue;
		types = type_store_create(changed);
		for (uint32_t id = 0; id < btf__type_cnt(changed); id++)
			if (type_from_btf(types, id, &type) == 0)
				use(type);
		type_store_free(types);
		btf__free(changed);
	}
	free(copy);
}

static void same_id_same_type(void **state)
{
	(void)state;
	assert_ptr_equal(by_name("event"), by_name("event"));
	assert_int_equal(bcc_type_member_count(NULL), 0);
	assert_string_equal(bcc_type_name(NULL), "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(kinds_names_and_sizes),
		cmocka_unit_test(arrays_nest),
		cmocka_unit_test(enums_have_names),
		cmocka_unit_test(bit_fields),
		cmocka_unit_test(old_bit_fields),
		cmocka_unit_test(malformed),
		cmocka_unit_test(mutated),
		cmocka_unit_test(same_id_same_type),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
