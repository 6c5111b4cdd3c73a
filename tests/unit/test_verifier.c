/*
 * The verifier's logs of several kernels: which instruction, which sentence, which advice; and logs
 * that are cut anywhere.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "object/verifier.h"

static const struct {
	const char *log;
	long insn;
	const char *sentence;
	const char *hint; /* a part of it */
} rows[] = {
	{ /* 6.18 */
	  "0: R1=ctx() R10=fp0\n"
	  "; __u32 key = 3; @ a.bpf.c:23\n"
	  "0: (b7) r1 = 3                        ; R1=3\n"
	  "6: (85) call bpf_map_lookup_elem#1    ; "
	  "R0=map_value_or_null(id=1,map=counts,ks=4,vs=8)\n"
	  "; return *v; @ a.bpf.c:26\n"
	  "7: (79) r0 = *(u64 *)(r0 +0)\n"
	  "R0 invalid mem access 'map_value_or_null'\n"
	  "processed 7 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 "
	  "mark_read 0\n",
	  7, "R0 invalid mem access 'map_value_or_null'", "check the pointer" },
	{ /* 5.10 */
	  "; int bad(void *ctx)\n"
	  "0: (b7) r1 = 0\n"
	  "1: (79) r0 = *(u64 *)(r1 +0)\n"
	  "R1 invalid mem access 'inv'\n"
	  "processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 "
	  "mark_read 0\n",
	  1, "R1 invalid mem access 'inv'", "bpf_probe_read_kernel" },
	{ /* states between instruction and sentence */
	  "from 5 to 9: R0=inv(id=0) R10=fp0\n"
	  "9: (85) call bpf_perf_event_output#25\n"
	  "last_idx 9 first_idx 0\n"
	  "regs=20 stack=0 before 8: (b7) r5 = 16\n"
	  "invalid indirect read from stack R4 off -16+4 size 16\n"
	  "verification time 51 usec\n"
	  "stack depth 16\n"
	  "processed 10 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 "
	  "mark_read 0\n",
	  9, "invalid indirect read from stack R4 off -16+4 size 16", "initialise all of it" },
	{ /* two lines */
	  "12: (0f) r1 += r2\n"
	  "13: (71) r0 = *(u8 *)(r1 +0)\n"
	  " R0=scalar() R1_w=map_value(off=0,ks=4,vs=16,umax=255) R10=fp0\n"
	  "invalid access to map value, value_size=16 off=255 size=1\n"
	  "R1 max value is outside of the allowed memory range\n"
	  "processed 14 insns (limit 1000000) max_states_per_insn 0 total_states 1 peak_states 1 "
	  "mark_read 1\n",
	  13,
	  "invalid access to map value, value_size=16 off=255 size=1; "
	  "R1 max value is outside of the allowed memory range",
	  "bound the value" },
	{ "back-edge from insn 5 to 3\n", 5, "back-edge from insn 5 to 3", "constant bound" },
	{ "7: (05) goto pc-3\ninfinite loop detected at insn 4\ncur state: R10=fp0\n"
	  "old state: R10=fp0\n",
	  4, "infinite loop detected at insn 4", "constant bound" },
	{ "BPF program is too large. Processed 1000001 insn\nprocessed 1000001 insns (limit "
	  "1000000)\n",
	  -1, "BPF program is too large. Processed 1000001 insn", "split the program" },
	{ "combined stack size of 2 calls is 544. Too large\n", -1,
	  "combined stack size of 2 calls is 544. Too large", "per-CPU array" },
	{ "BPF_STX uses reserved fields\n", -1, "BPF_STX uses reserved fields", "before Linux 5.12" },
	{ "3: (85) call unknown#999\ninvalid func unknown#999\n", 3, "invalid func unknown#999",
	  "another helper" },
	{ "3: (85) call bpf_get_stackid#27\nunknown func bpf_get_stackid#27\n", 3,
	  "unknown func bpf_get_stackid#27", "another helper" },
	{ "3: (85) call bpf_probe_write_user#36\n"
	  "program of this type cannot use helper bpf_probe_write_user#36\n",
	  3, "program of this type cannot use helper bpf_probe_write_user#36", "another helper" },
	{ "5: (85) call bpf_ktime_get_ns#5\n"
	  "cannot call GPL-restricted function from non-GPL compatible program\n",
	  5, "cannot call GPL-restricted function from non-GPL compatible program", "licence" },
	{ "8: (85) call bpf_probe_read_kernel#113\n"
	  "R2 unbounded memory access, use 'var &= const' or 'if (var < const)'\n",
	  8, "R2 unbounded memory access, use 'var &= const' or 'if (var < const)'",
	  "bound the value" },
	{ "8: (85) call bpf_probe_read_kernel#113\n"
	  "R2 min value is negative, either use unsigned or 'var &= const'\n",
	  8, "R2 min value is negative, either use unsigned or 'var &= const'", "unsigned" },
	{ "9: (95) exit\nUnreleased reference id=2 alloc_insn=4\n", 9,
	  "Unreleased reference id=2 alloc_insn=4", "submit or discard" },
	{ "0: (7b) *(u64 *)(r10 -520) = r1\ninvalid stack off=-520 size=8\n", 0,
	  "invalid stack off=-520 size=8", "per-CPU array" },
	{ "2: (79) r2 = *(u64 *)(r1 +400)\ninvalid bpf_context access off=400 size=8\n", 2,
	  "invalid bpf_context access off=400 size=8", "context" },
	{ "1: (95) exit\nR0 !read_ok\n", 1, "R0 !read_ok", "value on every path" },
	{ "", -1, "", NULL },
	{ "processed 0 insns (limit 1000000)\n", -1, "", NULL },
	{ "\n\n\n", -1, "", NULL },
};

static void logs(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct verifier_advice *advice;
		struct verifier_finding found;

		verifier_log_parse(rows[i].log, &found);
		assert_string_equal(found.sentence, rows[i].sentence);
		assert_int_equal(found.insn, rows[i].insn);
		advice = verifier_advice(found.sentence);
		if (!advice != !rows[i].hint || (advice && !strstr(advice->hint, rows[i].hint)))
			fail_msg("advice for '%s': %s", found.sentence,
				 advice ? advice->hint : "none");
	}
}

/* However a log is cut, parsing ends inside it. Each cut is a block of its own. */
static void cut_anywhere(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		size_t size = strlen(rows[i].log);

		for (size_t from = 0; from <= size; from++) {
			for (size_t to = from; to <= size; to += 3) {
				char *cut = strndup(rows[i].log + from, to - from);
				struct verifier_finding found;

				verifier_log_parse(cut, &found);
				assert_true(found.tail >= cut && found.tail <= cut + (to - from));
				assert_true(strlen(found.sentence) < sizeof(found.sentence));
				verifier_advice(found.sentence);
				free(cut);
			}
		}
	}
}

static void only_the_tail(void **state)
{
	struct verifier_finding found;
	char *log = malloc(1 << 20);
	size_t n = 0;

	(void)state;
	while (n < (1 << 20) - 200)
		n += sprintf(log + n, "%zu: (b7) r1 = 0\n", n);
	sprintf(log + n, "7: (95) exit\n%0*d is a sentence\n", 100, 0);
	verifier_log_parse(log, &found);
	assert_int_equal(found.insn, 7);
	assert_true(strlen(found.tail) < 600);
	assert_true(found.tail == log || found.tail[-1] == '\n');
	free(log);
}

static void long_sentence(void **state)
{
	struct verifier_finding found;
	char *log = malloc(100001);

	(void)state;
	memset(log, 'x', 100000);
	log[100000] = '\0';
	verifier_log_parse(log, &found);
	assert_int_equal(strlen(found.sentence), sizeof(found.sentence) - 1);
	free(log);
}

static void source_lines(void **state)
{
	struct bcc_module mod = { .name = "main.c", .text = "one\ntwo\r\nthree" };
	char *line;

	(void)state;
	assert_true(source_is_main(&mod, "main.c"));
	assert_true(source_is_main(&mod, "/some/where/main.c"));
	assert_false(source_is_main(&mod, "domain.c"));
	assert_null(source_line_dup(&mod, "main.c", 0));
	assert_null(source_line_dup(&mod, "main.c", 4));
	assert_null(source_line_dup(&mod, "main.c", 4000000000u));
	line = source_line_dup(&mod, "main.c", 2);
	assert_string_equal(line, "two");
	free(line);
	line = source_line_dup(&mod, "main.c", 3);
	assert_string_equal(line, "three");
	free(line);
	assert_null(source_line_dup(&mod, "/dev/zero", 1));
	assert_null(source_line_dup(&mod, "/nonexistent", 1));
	assert_null(source_line_dup(&mod, "/", 1));

	assert_int_equal(source_word_end("a = value;", 5), 10);
	assert_int_equal(source_word_end("a = value;", 10), 11);
	assert_int_equal(source_word_end("a", 9), 0);
	assert_int_equal(source_word_end("a", 0), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(logs),		 cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(only_the_tail), cmocka_unit_test(long_sentence),
		cmocka_unit_test(source_lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
