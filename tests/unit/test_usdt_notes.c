/*
 * User probes: operands of arguments, specs in the layouts of libbpf's releases, and the notes of
 * files, also of such that are cut short or damaged.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "usdt/notes.h"
#include "usdt/spec.h"

#include "../runtime/usdt/probe.h"

SEMAPHORE(unit_semaphore);
int unit_variable = 3;

static void __attribute__((noinline)) probes(int n)
{
	PROBE(unit, plain, "0", "-4@%0", "r"(n));
	PROBE(unit, plain, "0", "-4@%0", "i"(7));
	PROBE(unit, guarded, "unit_semaphore", "", "r"(n));
}

/* --- arguments --- */

static struct usdt_arg parse_one(const char *text)
{
	struct usdt_arg args[USDT_MAX_ARGS];

	assert_int_equal(usdt_args_parse(text, args), 1);
	return args[0];
}

static void arguments_are_separated(void **state)
{
	struct usdt_arg args[USDT_MAX_ARGS];

	(void)state;
	assert_int_equal(usdt_args_parse("", args), 0);
	assert_int_equal(usdt_args_parse("  ", args), 0);
	assert_int_equal(usdt_args_parse(" -4@$1  8@$2 ", args), 2);
	assert_int_equal(args[0].value, 1);
	assert_true(args[0].is_signed);
	assert_int_equal(args[1].value, 2);
	assert_int_equal(args[1].size, 8);
	assert_false(args[1].is_signed);
	assert_int_equal(usdt_args_parse("1@1 2@2 4@3 8@4 1@5 1@6 1@7 1@8 1@9 1@10 1@11 1@12 1@13",
					 args), USDT_MAX_ARGS);
	assert_int_equal(args[11].value, 12);
	/* The second one is not understood: the others are. */
	assert_int_equal(usdt_args_parse("4@$1 what 4@$3", args), 3);
	assert_int_equal(args[1].where, USDT_UNREADABLE);
	assert_int_equal(args[2].value, 3);
	assert_int_equal(args[1].text_size, 4);
}

static void constants(void **state)
{
	static const struct {
		const char *text;
		int64_t value;
	} good[] = {
		{ "4@$5", 5 }, { "-4@$-9", -9 }, { "4@164", 164 }, { "-8@-1", -1 },
		{ "8@$0x10", 16 }, { "8@$18446744073709551615", -1 },
		{ "-8@$-9223372036854775808", INT64_MIN }, { "8f@$0", 0 },
	};
	static const char *const bad[] = {
		"", "4@", "@4", "3@$4", "0@$4", "16@$4", "99999999999999999999@$4", "4@$",
		"4@$99999999999999999999", "4@$symbol", "$4", "4 @$4", "4@@4", "4@$4x", "4@()",
		"4@(", "4@)", "4@[", "4@[]", "4@$$4", "ff@1", "-@1",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		struct usdt_arg arg = parse_one(good[i].text);

		assert_int_equal(arg.where, USDT_CONSTANT);
		assert_int_equal(arg.value, good[i].value);
	}
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct usdt_arg args[USDT_MAX_ARGS];
		size_t n = usdt_args_parse(bad[i], args);

		for (size_t j = 0; j < n; j++)
			if (args[j].where != USDT_UNREADABLE && strcmp(bad[i], "4 @$4"))
				fail_msg("%s was understood", bad[i]);
	}
}

#if defined(__x86_64__)
#include <asm/ptrace.h>
#define AT(member) ((int)offsetof(struct pt_regs, member))

static void registers_and_memory(void **state)
{
	static const struct {
		const char *text;
		enum usdt_where where;
		int base, index;
		unsigned shift;
		int64_t value;
	} cases[] = {
		{ "8@%rax", USDT_REGISTER, AT(rax), 0, 0, 0 },
		{ "-4@%edi", USDT_REGISTER, AT(rdi), 0, 0, 0 },
		{ "2@%bp", USDT_REGISTER, AT(rbp), 0, 0, 0 },
		{ "1@%sil", USDT_REGISTER, AT(rsi), 0, 0, 0 },
		{ "1@%bl", USDT_REGISTER, AT(rbx), 0, 0, 0 },
		{ "1@%ch", USDT_REGISTER, AT(rcx) + 1, 0, 0, 0 },
		{ "-4@%r10d", USDT_REGISTER, AT(r10), 0, 0, 0 },
		{ "1@%r8b", USDT_REGISTER, AT(r8), 0, 0, 0 },
		{ "8@%r15", USDT_REGISTER, AT(r15), 0, 0, 0 },
		{ "8@(%rsp)", USDT_MEMORY, AT(rsp), 0, 0, 0 },
		{ "-4@-1204(%rbp)", USDT_MEMORY, AT(rbp), 0, 0, -1204 },
		{ "8f@24(%rsp)", USDT_MEMORY, AT(rsp), 0, 0, 24 },
		{ "4@(%rax,%rbx)", USDT_INDEXED, AT(rax), AT(rbx), 0, 0 },
		{ "4@8(%rax,%r12,4)", USDT_INDEXED, AT(rax), AT(r12), 2, 8 },
		{ "8@-0x8(%rax, %rbx, 8)", USDT_INDEXED, AT(rax), AT(rbx), 3, -8 },
		{ "8@%xmm0", USDT_UNREADABLE, 0, 0, 0, 0 },
		{ "8@%rxx", USDT_UNREADABLE, 0, 0, 0, 0 },
		{ "8@%", USDT_UNREADABLE, 0, 0, 0, 0 },
		{ "8@8(%rax,%rbx,3)", USDT_UNREADABLE, 0, 0, 0, 0 },
		{ "8@8(%rax,)", USDT_MEMORY, AT(rax), 0, 0, 8 },
		{ "8@8(%rax,%rbx,4,4)", USDT_UNREADABLE, 0, 0, 0, 0 },
		{ "8@x(%rax)", USDT_UNREADABLE, 0, 0, 0, 0 },
		{ "8@16(%rip)", USDT_UNREADABLE, 0, 0, 0, 0 },
		{ "8@%fs:16", USDT_UNREADABLE, 0, 0, 0, 0 },
		{ "8@%averyverylongname", USDT_UNREADABLE, 0, 0, 0, 0 },
	};
	struct usdt_arg arg;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		arg = parse_one(cases[i].text);
		if (arg.where != cases[i].where)
			print_error("%s\n", cases[i].text);
		assert_int_equal(arg.where, cases[i].where);
		if (arg.where == USDT_UNREADABLE)
			continue;
		assert_int_equal(arg.base, cases[i].base);
		assert_int_equal(arg.index, cases[i].index);
		assert_int_equal(arg.shift, cases[i].shift);
		assert_int_equal(arg.value, cases[i].value);
	}
	arg = parse_one("-4@some.name+8(%rip)");
	assert_int_equal(arg.where, USDT_VARIABLE);
	assert_int_equal(arg.value, 8);
	assert_int_equal(arg.symbol_size, 9);
	assert_memory_equal(arg.symbol, "some.name", 9);
	arg = parse_one("-4@x(%rip)");
	assert_int_equal(arg.where, USDT_VARIABLE);
	assert_int_equal(arg.value, 0);
	assert_int_equal(parse_one("-4@x+y(%rip)").where, USDT_UNREADABLE);
}
#endif

/* --- specs --- */

static int add_int(struct btf *btf, const char *name, size_t size, int encoding)
{
	return btf__add_int(btf, name, size, encoding);
}

/* The struct of libbpf 1.1, and that of later ones, which know index registers. */
static int add_spec_type(struct btf *btf, bool indexed)
{
	int u64 = add_int(btf, "u64", 8, 0), u32 = add_int(btf, "u32", 4, 0);
	int s16 = add_int(btf, "short", 2, BTF_INT_SIGNED), u8 = add_int(btf, "bool", 1, 0);
	int u16 = add_int(btf, "u16", 2, 0), arg, array;

	arg = btf__add_struct(btf, "__bpf_usdt_arg_spec", 16);
	btf__add_field(btf, "val_off", u64, 0, 0);
	btf__add_field(btf, "arg_type", u32, 64, indexed ? 8 : 0);
	if (indexed) {
		btf__add_field(btf, "idx_reg_off", u16, 80, 12);
		btf__add_field(btf, "scale_bitshift", u16, 92, 4);
	}
	btf__add_field(btf, "reg_off", s16, 96, 0);
	btf__add_field(btf, "arg_signed", u8, 112, 0);
	btf__add_field(btf, "arg_bitshift", u8, 120, 0);
	array = btf__add_array(btf, u32, arg, USDT_MAX_ARGS);
	arg = btf__add_struct(btf, "__bpf_usdt_spec", 208);
	btf__add_field(btf, "args", array, 0, 0);
	btf__add_field(btf, "usdt_cookie", u64, 192 * 8, 0);
	btf__add_field(btf, "arg_cnt", s16, 200 * 8, 0);
	return arg;
}

static const struct usdt_arg three[] = {
	{ .where = USDT_CONSTANT, .size = 4, .is_signed = true, .value = -9 },
	{ .where = USDT_MEMORY, .size = 2, .base = 152, .value = -8 },
	{ .where = USDT_INDEXED, .size = 8, .base = 80, .index = 40, .shift = 3, .value = 16 },
};

static void plain_specs(void **state)
{
	struct {
		struct {
			uint64_t value;
			uint32_t kind;
			int16_t reg;
			uint8_t is_signed, shift;
		} args[USDT_MAX_ARGS];
		uint64_t cookie;
		int16_t count;
	} spec;
	struct btf *btf = btf__new_empty();
	struct spec_layout layout;

	(void)state;
	assert_int_equal(spec_layout(btf, (unsigned)add_spec_type(btf, false), &layout), 0);
	assert_int_equal(layout.size, sizeof(spec));
	assert_int_equal(layout.index.bits, 0);
	assert_ptr_equal(spec_fill(&layout, three, 3, 0x123456789a, &spec), &three[2]);
	assert_int_equal(spec.count, 3);
	assert_int_equal(spec.cookie, 0x123456789a);
	assert_int_equal(spec.args[0].value, -9);
	assert_int_equal(spec.args[0].kind, 0);
	assert_int_equal(spec.args[0].is_signed, 1);
	assert_int_equal(spec.args[0].shift, 32);
	assert_int_equal(spec.args[1].value, -8);
	assert_int_equal(spec.args[1].kind, 2);
	assert_int_equal(spec.args[1].reg, 152);
	assert_int_equal(spec.args[1].shift, 48);
	assert_int_equal(spec.args[2].kind, 0x7f); /* of no kind */
	btf__free(btf);
}

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
static void indexed_specs(void **state)
{
	struct {
		struct {
			uint64_t value;
			uint32_t kind : 8;
			uint8_t reserved;
			uint16_t index : 12, scale : 4;
			int16_t reg;
			uint8_t is_signed, shift;
		} __attribute__((packed)) args[USDT_MAX_ARGS];
		uint64_t cookie;
		int16_t count;
	} spec;
	struct btf *btf = btf__new_empty();
	struct spec_layout layout;

	(void)state;
	_Static_assert(sizeof(spec) == 208, "as the BTF above");
	assert_int_equal(spec_layout(btf, (unsigned)add_spec_type(btf, true), &layout), 0);
	assert_null(spec_fill(&layout, three, 3, 0, &spec));
	assert_int_equal(spec.args[2].kind, 3);
	assert_int_equal(spec.args[2].reg, 80);
	assert_int_equal(spec.args[2].index, 40);
	assert_int_equal(spec.args[2].scale, 3);
	assert_int_equal(spec.args[2].value, 16);
	assert_int_equal(spec.args[2].shift, 0);
	assert_int_equal(spec.args[1].kind, 2);
	btf__free(btf);
}
#endif

static void foreign_specs(void **state)
{
	struct btf *btf = btf__new_empty();
	struct spec_layout layout;
	int u32 = add_int(btf, "u32", 4, 0), s, array;

	(void)state;
	assert_int_equal(spec_layout(btf, 0, &layout), -EINVAL);
	assert_int_equal(spec_layout(btf, 1000, &layout), -EINVAL);
	assert_int_equal(spec_layout(btf, (unsigned)u32, &layout), -EINVAL);
	s = btf__add_struct(btf, "other", 4);
	btf__add_field(btf, "args", u32, 0, 0);
	assert_int_equal(spec_layout(btf, (unsigned)s, &layout), -EINVAL);
	array = btf__add_array(btf, u32, s, 0x40000000);
	s = btf__add_struct(btf, "huge", 16);
	btf__add_field(btf, "args", array, 0, 0);
	assert_int_equal(spec_layout(btf, (unsigned)s, &layout), -EINVAL);
	btf__free(btf);
}

/* --- notes --- */

static void own_notes(void **state)
{
	unsigned plain = 0, guarded = 0;
	struct usdt_notes notes;
	uint64_t address;

	(void)state;
	probes(1);
	assert_int_equal(usdt_notes_open("/proc/self/exe", &notes), 0);
	for (size_t i = 0; i < notes.n; i++) {
		const struct usdt_site *site = &notes.sites[i];

		if (strcmp(site->provider, "unit"))
			continue;
		assert_null(site->fault);
		assert_true(site->offset > 0);
		if (!strcmp(site->name, "plain")) {
			plain++;
			assert_int_equal(site->semaphore, 0);
		} else {
			guarded++;
			assert_string_equal(site->name, "guarded");
			assert_string_equal(site->args, "");
			assert_true(site->semaphore > 0);
		}
	}
	assert_int_equal(plain, 2);
	assert_int_equal(guarded, 1);
	assert_int_equal(notes.n_malformed, 0);
	assert_true(usdt_symbol(&notes, "unit_variable", 13, &address));
	assert_false(usdt_symbol(&notes, "unit_variabl", 12, &address));
	assert_false(usdt_symbol(&notes, "no_such_variable", 16, &address));
	usdt_notes_close(&notes);
	usdt_notes_close(&notes);
	assert_int_equal(unit_variable, 3);
}

static void no_notes(void **state)
{
	struct usdt_notes notes;

	(void)state;
	assert_int_equal(usdt_notes_open("/no/such/file", &notes), -ENOENT);
	assert_int_equal(usdt_notes_open("/dev/null", &notes), -ENOEXEC);
	assert_int_equal(usdt_notes_open("/proc", &notes), -ENOEXEC);
	assert_int_equal(usdt_notes_open("/proc/self/status", &notes), -ENOEXEC);
}

static void descriptors(void **state)
{
	static const char desc[] =
		"\1\0\0\0\0\0\0\0\2\0\0\0\0\0\0\0\3\0\0\0\0\0\0\0provider\0name\0" "4@$1";
	struct usdt_note note;

	(void)state;
	assert_true(usdt_note_parse(desc, sizeof(desc), 8, &note));
	assert_string_equal(note.provider, "provider");
	assert_string_equal(note.name, "name");
	assert_string_equal(note.args, "4@$1");
	/* Cut anywhere, in memory that ends there. */
	for (size_t size = 0; size < sizeof(desc); size++) {
		char *copy = malloc(size ? size : 1);

		memcpy(copy, desc, size);
		assert_false(usdt_note_parse(copy, size, 8, &note));
		free(copy);
	}
	assert_false(usdt_note_parse("\0\0\0\0\0\0\0\0\0\0\0\0\0n\0", 16, 4, &note)); /* no provider */
	assert_true(usdt_note_parse("\5\0\0\0\0\0\0\0\0\0\0\0p\0n\0", 17, 4, &note));
	assert_int_equal(note.address, __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? 5 : 5 << 24);
}

/* Opens size bytes as a file and looks at all that is found. */
static void read_bytes(const unsigned char *bytes, size_t size)
{
	struct usdt_arg args[USDT_MAX_ARGS];
	int fd = memfd_create("elf", MFD_CLOEXEC);
	struct usdt_notes notes;
	uint64_t address;
	char path[64];

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (!usdt_notes_open(path, &notes)) {
		for (size_t i = 0; i < notes.n; i++) {
			assert_true(strlen(notes.sites[i].provider) > 0);
			usdt_args_parse(notes.sites[i].args, args);
		}
		usdt_symbol(&notes, "unit_variable", 13, &address);
		usdt_notes_close(&notes);
	}
	close(fd);
}

/* Random with a fixed seed, so that a failure can be repeated. */
static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525 + 1013904223;
	return *seed >> 8;
}

static void damaged_files(void **state)
{
	int fd = open(TEST_BINARY_DATA "/../../runtime/usdt/usdt_pie", O_RDONLY | O_CLOEXEC);
	unsigned char *bytes, *copy;
	size_t size, table, entries;
	uint32_t seed = 1;
	struct stat st;

	(void)state;
	if (fd < 0)
		fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	assert_int_equal(fstat(fd, &st), 0);
	size = (size_t)st.st_size;
	bytes = malloc(size);
	copy = malloc(size);
	assert_int_equal(read(fd, bytes, size), size);
	close(fd);
	for (size_t i = 0; i < 64; i++)
		read_bytes(bytes, size / 64 * i);
	/* The file's header, the section table, and anywhere: a few bytes each time. */
	memcpy(&table, bytes + 40, sizeof(uint64_t));
	entries = size - table;
	for (int i = 0; i < 1500; i++) {
		memcpy(copy, bytes, size);
		for (uint32_t n = 1 + next_random(&seed) % 6; n; n--) {
			uint32_t r = next_random(&seed);
			size_t at = i % 3 == 0 ? r % 64 : i % 3 == 1 ? table + r % entries : r % size;

			copy[at] = (unsigned char)next_random(&seed);
		}
		read_bytes(copy, size);
	}
	/* The notes' own bytes: each one set to a few values. */
	for (size_t at = 0; at + 8 < size; at++) {
		if (memcmp(bytes + at, "stapsdt", 8))
			continue;
		for (size_t near = at > 12 ? at - 12 : 0; near < at + 60 && near < size; near++) {
			static const unsigned char values[] = { 0, 1, 0x7f, 0xff };

			memcpy(copy, bytes, size);
			for (size_t i = 0; i < sizeof(values); i++) {
				copy[near] = values[i];
				read_bytes(copy, size);
			}
		}
	}
	free(bytes);
	free(copy);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(arguments_are_separated),
		cmocka_unit_test(constants),
#if defined(__x86_64__)
		cmocka_unit_test(registers_and_memory),
#endif
		cmocka_unit_test(plain_specs),
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
		cmocka_unit_test(indexed_specs),
#endif
		cmocka_unit_test(foreign_specs),
		cmocka_unit_test(own_notes),
		cmocka_unit_test(no_notes),
		cmocka_unit_test(descriptors),
		cmocka_unit_test(damaged_files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
