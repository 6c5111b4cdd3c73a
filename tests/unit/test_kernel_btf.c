/*
 * Malformed BTF: cut short anywhere, with bits turned over, with every word of its types replaced
 * by nonsense. Opening and asking may fail with -EINVAL; nothing may crash, hang or leak, which is
 * for the sanitizers and valgrind to see.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "kernel/btf.h"
#include "kernel/kernel.h"

static unsigned char *good; /* raw BTF of the fixture */
static size_t size;
static char path[32]; /* of a file in memory */

/* The raw bytes of the fixture's section: kbtf keeps a copy. */
static int setup(void **state)
{
	struct kbtf btf;
	int fd = memfd_create("malformed", MFD_CLOEXEC);

	(void)state;
	if (fd < 0 || kbtf_open(TEST_KERNEL, &btf) != 0)
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	size = (size_t)((unsigned char *)btf.strings + btf.strings_size -
			(unsigned char *)btf.heap);
	good = malloc(size);
	memcpy(good, btf.heap, size);
	kbtf_close(&btf);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	free(good);
	return 0;
}

static void write_file(const void *data, size_t n)
{
	FILE *f = fopen(path, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, n, f), n);
	assert_int_equal(fclose(f), 0);
}

/* All names there are, in both modes, and everything else that can be asked. */
static int ask_everything(void)
{
	static const char *const names[] = {
		"task_struct", "struct task_struct", "real_parent", "comm", "mm", "cred", "struct cred", "nsproxy", "struct nsproxy", "tid_high",
		"in_iowait", "policy", "sock", "struct sock", "__sk_common", "skc_daddr", "skc_dport", "skc_state",
		"sk_peer", "shapes", "struct shapes", "function", "table", "returns_function", "pointer_to_array",
		"matrix", "point", "points", "grid", "tiny", "struct tiny", "huge", "struct huge", "temperature", "struct temperature", "real",
		"packed", "aligned", "bits", "undefined", "flexible", "file", "struct file", "f_path", "dentry", "struct dentry",
		"d_name", "name", "many", "struct many", "MANY_3", "pt_regs", "struct pt_regs", "di", "iphdr", "struct iphdr", "ethhdr", "struct ethhdr", "sk_buff", "struct sk_buff",
		"u8", "u16", "u32", "u64", "s8", "bool", "size_t", "pid_t", "bpf_map_type", "struct bpf_map_type",
		"colour", "struct colour", "RED", "TASK_COMM_LEN", "trace_event_raw_sched_switch", "struct trace_event_raw_sched_switch", "exit_handler",
		"counters", "history", "hash_len", "btf_trace_sched_switch",
	};
	const char *tracepoints[] = { "sched__sched_switch" };
	struct kernel_opts opts = { .btf_path = path, .tracefs_path = "/nonexistent" };
	struct types_request rq = { .names = names, .n_names = sizeof(names) / sizeof(names[0]),
				    .tracepoints = tracepoints, .n_tracepoints = 1 };
	struct types_reply reply;
	struct kernel *k;
	int err = 0;

	assert_int_equal(kernel_open(&opts, &k), 0);
	for (int i = 0; i < 2 && !err; i++) {
		rq.portable = i;
		err = kernel_types(k, &rq, &reply);
		assert_true(err == 0 || err == -EINVAL);
		if (!err)
			types_reply_free(&reply);
	}
	kernel_function_args(k, "vfs_read");
	free(kernel_near_members(k, "task_struct", "com", 3));
	free(kernel_near(k, KERNEL_FUNCTIONS, "vfs_red", 3));
	free(kernel_near(k, KERNEL_STRUCTS, "task_strukt", 3));
	kernel_close(k);
	return err;
}

static void well_formed(void **state)
{
	(void)state;
	write_file(good, size);
	assert_int_equal(ask_everything(), 0);
}

static void truncated(void **state)
{
	(void)state;
	for (size_t n = 0; n < size; n += n < 64 ? 1 : 97) {
		write_file(good, n);
		assert_int_equal(ask_everything(), -EINVAL);
	}
}

static void elf_truncated(void **state)
{
	static unsigned char elf[1 << 20];
	FILE *f = fopen(TEST_KERNEL, "r");
	size_t n;

	(void)state;
	assert_non_null(f);
	n = fread(elf, 1, sizeof(elf), f);
	fclose(f);
	for (size_t i = 0; i < n; i += i < 64 ? 1 : 211) {
		struct kbtf btf;

		write_file(elf, i);
		if (kbtf_open(path, &btf) == 0)
			kbtf_close(&btf);
	}
}

static uint32_t chance(void)
{
	static uint64_t random = 88172645463325252ull;

	random ^= random << 13;
	random ^= random >> 7;
	random ^= random << 17;
	return (uint32_t)(random >> 11);
}

static void bits_turned(void **state)
{
	unsigned char *bad = malloc(size);

	(void)state;
	for (int round = 0; round < 2000; round++) {
		memcpy(bad, good, size);
		for (uint32_t n = chance() % 8 + 1; n > 0; n--)
			bad[chance() % size] ^= (unsigned char)(1u << chance() % 8);
		write_file(bad, size);
		ask_everything();
	}
	free(bad);
}

/* Types that refer to others at random: loops, records within themselves, arrays of functions. */
static void types_shuffled(void **state)
{
	unsigned char *bad = malloc(size);
	const struct btf_header *hdr = (const void *)good;

	(void)state;
	for (int round = 0; round < 2000; round++) {
		memcpy(bad, good, size);
		for (uint32_t n = chance() % 16 + 1; n > 0; n--) {
			uint32_t id = chance() % 200;

			memcpy(bad + hdr->hdr_len + chance() % (hdr->type_len / 4) * 4, &id,
			       sizeof(id));
		}
		write_file(bad, size);
		ask_everything();
	}
	free(bad);
}

static void not_btf(void **state)
{
	struct kbtf btf;

	(void)state;
	write_file("#!/bin/sh\nexit 0\n", 17);
	assert_int_equal(kbtf_open(path, &btf), -EINVAL);
	assert_int_equal(kbtf_open("/tmp", &btf), -EINVAL);
	assert_int_equal(kbtf_open("/nonexistent", &btf), -ENOENT);
	write_file("\x7f" "ELF and nothing else", 20);
	assert_int_equal(kbtf_open(path, &btf), -EINVAL);
	assert_int_equal(kbtf_open("/proc/self/exe", &btf), -ENODATA);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(well_formed),
		cmocka_unit_test(truncated),
		cmocka_unit_test(elf_truncated),
		cmocka_unit_test(bits_turned),
		cmocka_unit_test(types_shuffled),
		cmocka_unit_test(not_btf),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
