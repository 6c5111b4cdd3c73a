/*
 * Line information: the right places of a real object, and no harm from objects that are cut short
 * or damaged anywhere.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "object/lineinfo.h"

static unsigned char *object;
static size_t object_size;

static int read_object(void **state)
{
	FILE *f = fopen(TEST_BINARY_DATA "/lines.bpf.o", "rb");

	(void)state;
	if (!f)
		return -1;
	object = malloc(1 << 20);
	object_size = fread(object, 1, 1 << 20, f);
	fclose(f);
	return object_size ? 0 : -1;
}

static int free_object(void **state)
{
	(void)state;
	free(object);
	return 0;
}

static bool ends_with(const char *text, const char *end)
{
	return strlen(text) >= strlen(end) && !strcmp(text + strlen(text) - strlen(end), end);
}

struct found {
	const char *name;
	struct elf_function function;
};

static bool by_name(void *data, const struct elf_function *function)
{
	struct found *found = data;

	if (strcmp(function->name, found->name))
		return false;
	found->function = *function;
	return true;
}

static struct elf_function function(const char *name)
{
	struct found found = { .name = name };

	assert_true(elf_functions((struct bytes){ object, object_size }, by_name, &found));
	return found.function;
}

static void places(void **state)
{
	struct elf_function second = function("second"), twice = function("twice");
	struct lineinfo li;
	struct place place;

	(void)state;
	assert_int_equal(lineinfo_open(object, object_size, &li), 0);
	assert_string_equal(second.section, "tracepoint");
	assert_string_equal(twice.section, ".text");

	assert_true(lineinfo_find(&li, "tracepoint", second.offset, &place));
	assert_true(ends_with(place.file, "lines.bpf.c"));
	assert_true(place.line >= 19 && place.line <= 21);

	assert_true(lineinfo_find(&li, "tracepoint", second.offset + second.size - 8, &place));
	assert_true(ends_with(place.file, "other.h"));
	assert_int_equal(place.line, 70);

	assert_true(lineinfo_find(&li, ".text", twice.offset, &place));
	assert_int_equal(place.line, 9);
	assert_true(place.column > 1);
}

static void nothing_there(void **state)
{
	struct lineinfo li;
	struct place place;

	(void)state;
	assert_int_equal(lineinfo_open(object, object_size, &li), 0);
	assert_false(lineinfo_find(&li, "no such section", 0, &place));
	assert_true(lineinfo_open("", 0, &li) < 0);
	assert_true(lineinfo_open("\x7f" "ELF", 4, &li) < 0);
	assert_int_equal(elf_section((struct bytes){ object, object_size }, "nosuch").size, 0);
}

static bool count(void *data, const struct elf_function *f)
{
	*(size_t *)data += strlen(f->name) + strlen(f->section);
	return false;
}

/* Reads all there is of an object whose bytes cannot be trusted. */
static void exercise(const unsigned char *bytes, size_t size)
{
	static const char *const sections[] = { "tracepoint", ".text" };
	struct lineinfo li;
	struct place place;
	size_t n = 0;

	elf_functions((struct bytes){ bytes, size }, count, &n);
	if (lineinfo_open(bytes, size, &li))
		return;
	for (size_t i = 0; i < 2; i++)
		for (uint64_t off = 0; off < 256; off += 8)
			if (lineinfo_find(&li, sections[i], off, &place))
				n += strlen(place.file) + strlen(place.text);
	lineinfo_find(&li, ".text", UINT64_MAX, &place);
}

/* Each cut is a block of its own, so that a sanitizer sees the first byte behind it. */
static void cut_anywhere(void **state)
{
	(void)state;
	for (size_t size = 0; size < object_size; size += size < 512 ? 1 : 7) {
		unsigned char *copy = malloc(size ? size : 1);

		memcpy(copy, object, size);
		exercise(copy, size);
		free(copy);
	}
}

static void damaged_anywhere(void **state)
{
	static const unsigned char values[] = { 0x00, 0xff, 0x7f, 0x80 };
	unsigned char *copy = malloc(object_size);

	(void)state;
	memcpy(copy, object, object_size);
	for (size_t i = 0; i < object_size; i++) {
		for (size_t v = 0; v < sizeof(values); v++) {
			copy[i] = values[v];
			exercise(copy, object_size);
		}
		copy[i] = object[i];
	}
	free(copy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places),
		cmocka_unit_test(nothing_there),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(damaged_anywhere),
	};

	return cmocka_run_group_tests(tests, read_object, free_object);
}
