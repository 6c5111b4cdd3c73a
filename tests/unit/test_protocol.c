/*
 * The frames between library and compiler: what is written is read back, and what is cut short,
 * lies about its lengths or is plain noise is refused without touching memory that is not there.
 * Payloads are copied to blocks of their exact size, so that a sanitizer sees one byte too many.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "compile/protocol.h"

static struct payload payload_of(const struct frame *f)
{
	struct frame_header header;

	memcpy(&header, f->data, sizeof(header));
	assert_int_equal(header.size, f->size - sizeof(header));
	return (struct payload){ .data = f->data + sizeof(header), .size = header.size };
}

/* One of each field. */
static void write_all(struct frame *f)
{
	static const char *const list[] = { "one", "", "three", NULL };

	frame_start(f, FRAME_JOB);
	frame_u32(f, 0xfeedbeef);
	frame_u64(f, 0x123456789abcdef0);
	frame_string(f, "text");
	frame_string(f, "");
	frame_string(f, NULL);
	frame_bytes(f, "a\0b", 3);
	frame_bytes(f, NULL, 0);
	frame_strings(f, list, strings_count(list));
	frame_strings(f, NULL, 0);
	assert_int_equal(frame_finish(f), 0);
}

/* Reads them without looking; true when they were all there. */
static bool read_all(struct payload *p)
{
	size_t size;

	payload_u32(p);
	payload_u64(p);
	payload_string(p);
	payload_string(p);
	payload_string(p);
	payload_bytes(p, &size);
	payload_bytes(p, &size);
	free(payload_strings(p, &size));
	free(payload_strings(p, &size));
	return payload_end(p);
}

static void test_round_trip(void **state)
{
	struct frame_header header;
	struct payload p;
	struct frame f;
	const char **list;
	const void *bytes;
	size_t n;

	(void)state;
	write_all(&f);
	memcpy(&header, f.data, sizeof(header));
	assert_int_equal(header.type, FRAME_JOB);
	p = payload_of(&f);
	assert_int_equal(payload_u32(&p), 0xfeedbeef);
	assert_true(payload_u64(&p) == 0x123456789abcdef0);
	assert_string_equal(payload_string(&p), "text");
	assert_string_equal(payload_string(&p), "");
	assert_null(payload_string(&p));
	bytes = payload_bytes(&p, &n);
	assert_int_equal(n, 3);
	assert_memory_equal(bytes, "a\0b", 3);
	assert_non_null(payload_bytes(&p, &n));
	assert_int_equal(n, 0);
	list = payload_strings(&p, &n);
	assert_int_equal(n, 3);
	assert_string_equal(list[0], "one");
	assert_string_equal(list[1], "");
	assert_string_equal(list[2], "three");
	assert_null(list[3]);
	free(list);
	list = payload_strings(&p, &n);
	assert_non_null(list);
	assert_int_equal(n, 0);
	free(list);
	assert_true(payload_end(&p));
	frame_free(&f);
}

static void test_empty(void **state)
{
	struct payload p;
	struct frame f;

	(void)state;
	frame_start(&f, FRAME_DONE);
	assert_int_equal(frame_finish(&f), 0);
	p = payload_of(&f);
	assert_true(payload_end(&p));
	assert_int_equal(payload_u32(&p), 0);
	assert_false(payload_end(&p));
	frame_free(&f);
}

/* Every prefix of a good payload is refused, and so is one byte more than it. */
static void test_truncated(void **state)
{
	struct payload whole, p;
	struct frame f;

	(void)state;
	write_all(&f);
	whole = payload_of(&f);
	for (size_t size = 0; size <= whole.size + 1; size++) {
		char *copy = calloc(1, size + !size);

		memcpy(copy, whole.data, size < whole.size ? size : whole.size);
		p = (struct payload){ .data = copy, .size = size };
		assert_int_equal(read_all(&p), size == whole.size);
		free(copy);
	}
	frame_free(&f);
}

static bool string_fails(const void *data, size_t size)
{
	struct payload p = { .data = data, .size = size };

	assert_null(payload_string(&p));
	return p.failed;
}

static void test_hostile_strings(void **state)
{
	(void)state;
	assert_true(string_fails("\x03\0\0\0abc", 7));            /* no NUL */
	assert_true(string_fails("\x04\0\0\0a\0c", 8));           /* two of them */
	assert_true(string_fails("\x05\0\0\0abc", 8));            /* longer than what is there */
	assert_true(string_fails("\xff\xff\xff\xff" "abc", 8));
	assert_true(string_fails("\x01\0\0", 3));
	assert_false(string_fails("\0\0\0\0", 4));                /* none */
}

static void test_hostile_lists(void **state)
{
	static const struct {
		const char *data;
		size_t size;
	} cases[] = {
		{ "\xff\xff\xff\xff", 4 },               /* more than memory has */
		{ "\x02\0\0\0\x02\0\0\0a\0", 10 },       /* one less than it says */
		{ "\x01\0\0\0\0\0\0\0", 8 },             /* an element that is none */
		{ "\x01\0\0\0\x02\0\0\0ab", 10 },        /* without a NUL */
	};
	const char **list;
	size_t n = 1;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		struct payload p = { .data = cases[i].data, .size = cases[i].size };

		list = payload_strings(&p, &n);
		assert_null(list);
		assert_int_equal(n, 0);
		assert_true(p.failed);
		/* It fails for good. */
		assert_int_equal(payload_u32(&p), 0);
		assert_false(payload_end(&p));
	}
}

static void test_noise(void **state)
{
	unsigned seed = 1;

	(void)state;
	for (int round = 0; round < 20000; round++) {
		size_t size = (size_t)rand_r(&seed) % 64;
		unsigned char *noise = malloc(size + !size);
		struct payload p = { .data = (char *)noise, .size = size };

		for (size_t i = 0; i < size; i++)
			noise[i] = (unsigned char)(rand_r(&seed) % 4 ? 0 : rand_r(&seed) % 16);
		read_all(&p);
		assert_true(p.at <= p.size);
		free(noise);
	}
}

static void test_too_large(void **state)
{
	struct frame f;

	(void)state;
	frame_start(&f, FRAME_OBJECT);
	frame_bytes(&f, "", (size_t)PROTOCOL_MAX_PAYLOAD + 1);
	frame_u32(&f, 1);
	assert_int_equal(frame_finish(&f), -E2BIG);
	frame_free(&f);

	frame_start(&f, FRAME_OBJECT);
	frame_bytes(&f, "", SIZE_MAX);
	assert_int_equal(frame_finish(&f), -E2BIG);
	frame_free(&f);
	frame_free(&f);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_empty),
		cmocka_unit_test(test_truncated),
		cmocka_unit_test(test_hostile_strings),
		cmocka_unit_test(test_hostile_lists),
		cmocka_unit_test(test_noise),
		cmocka_unit_test(test_too_large),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
