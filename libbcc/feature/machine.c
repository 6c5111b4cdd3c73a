/*
 * What the kernel can do that is neither a type nor a way to attach: its types, and what programs may
 * consist of.
 */
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "context/libbpf.h"
#include "feature/feature.h"
#include "kernel/internal.h"

#define OLD_LIMIT 4096 /* of instructions */

enum { BPF_CALLS = 1, JMP32, LARGE, LOOPS, ATOMICS, CPU_V4 }; /* the numbers of tables.c */

#define MOV(reg, value) \
	{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = (reg), .imm = (value) }
#define EXIT { .code = BPF_JMP | BPF_EXIT }
#define LENGTH(insns) (sizeof(insns) / sizeof(*(insns)))

int probe_btf(struct kernel *k, const struct feature_row *row)
{
	(void)k;
	(void)row;
	return access("/sys/kernel/btf/vmlinux", F_OK) == 0;
}

/* Known only where a module is loaded. */
int probe_module_btf(struct kernel *k, const struct feature_row *row)
{
	DIR *dir = opendir("/sys/kernel/btf");
	struct dirent *entry;
	char *modules;
	int found = 0;

	(void)k;
	(void)row;
	while (dir && (entry = readdir(dir)))
		found |= entry->d_name[0] != '.' && strcmp(entry->d_name, "vmlinux");
	if (dir)
		closedir(dir);
	modules = ktext_read_file("/proc/modules", NULL);
	if (!found && (!modules || !*modules))
		found = -ENODATA;
	free(modules);
	return found;
}

static int loads(const struct bpf_insn *insns, size_t n)
{
	int fd = load_program(BPF_PROG_TYPE_SOCKET_FILTER, insns, n);

	if (fd >= 0)
		close(fd);
	return fd >= 0 ? 1 : fd == -EPERM || fd == -ENOMEM ? fd : 0;
}

static int loads_large(void)
{
	struct bpf_insn *insns = calloc(OLD_LIMIT + 2, sizeof(*insns));
	int result;

	if (!insns)
		return -ENOMEM;
	for (size_t i = 0; i <= OLD_LIMIT; i++)
		insns[i] = (struct bpf_insn)MOV(BPF_REG_0, 0);
	insns[OLD_LIMIT + 1] = (struct bpf_insn)EXIT;
	result = loads(insns, OLD_LIMIT + 2);
	free(insns);
	return result;
}

int probe_instructions(struct kernel *k, const struct feature_row *row)
{
	static const struct bpf_insn call[] = {
		{ .code = BPF_JMP | BPF_CALL, .src_reg = BPF_PSEUDO_CALL, .imm = 1 },
		EXIT, MOV(BPF_REG_0, 0), EXIT,
	};
	static const struct bpf_insn jmp32[] = {
		MOV(BPF_REG_0, 0), { .code = BPF_JMP32 | BPF_JEQ | BPF_K }, EXIT,
	};
	static const struct bpf_insn loop[] = {
		MOV(BPF_REG_0, 0),
		{ .code = BPF_ALU64 | BPF_ADD | BPF_K, .imm = 1 },
		{ .code = BPF_JMP | BPF_JLT | BPF_K, .off = -2, .imm = 4 },
		EXIT,
	};
	static const struct bpf_insn atomic[] = {
		MOV(BPF_REG_0, 1),
		{ .code = BPF_ST | BPF_MEM | BPF_DW, .dst_reg = BPF_REG_10, .off = -8 },
		{ .code = BPF_STX | BPF_ATOMIC | BPF_DW, .dst_reg = BPF_REG_10, .off = -8,
		  .imm = BPF_ADD | BPF_FETCH },
		EXIT,
	};
	static const struct bpf_insn swap[] = { /* bswap16 r0 */
		MOV(BPF_REG_0, 1), { .code = BPF_ALU64 | BPF_END, .imm = 16 }, EXIT,
	};

	(void)k;
	switch (row->number) {
	case BPF_CALLS:
		return loads(call, LENGTH(call));
	case JMP32:
		return loads(jmp32, LENGTH(jmp32));
	case LARGE:
		return loads_large();
	case LOOPS:
		return loads(loop, LENGTH(loop));
	case ATOMICS:
		return loads(atomic, LENGTH(atomic));
	default:
		return loads(swap, LENGTH(swap));
	}
}

static int make_array(uint32_t flags)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = flags);
	struct libbpf_call call;
	int fd;

	libbpf_enter(&call);
	fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, NULL, 4, 8, 2, &opts);
	libbpf_leave(&call);
	libbpf_call_free(&call);
	return fd;
}

int probe_mmap_array(struct kernel *k, const struct feature_row *row)
{
	int fd = make_array(BPF_F_MMAPABLE);

	(void)k;
	(void)row;
	if (fd >= 0)
		close(fd);
	return fd >= 0 ? 1 : fd == -EPERM || fd == -ENOMEM ? fd : 0;
}

int probe_batch(struct kernel *k, const struct feature_row *row)
{
	uint32_t keys[] = { 0, 1 }, n = 2;
	uint64_t values[] = { 3, 4 };
	int fd = make_array(0), err;

	(void)k;
	(void)row;
	if (fd < 0)
		return fd;
	err = bpf_map_update_batch(fd, keys, values, &n, NULL);
	close(fd);
	return !err;
}

/* The statistics are on while a descriptor is open: for a moment. */
int probe_stats(struct kernel *k, const struct feature_row *row)
{
	int fd = bpf_enable_stats(BPF_STATS_RUN_TIME);

	(void)k;
	(void)row;
	if (fd >= 0)
		close(fd);
	return fd >= 0 ? 1 : fd == -EPERM ? fd : 0;
}

/* LSM hooks were among the first that may sleep; the program is only loaded. */
int probe_sleepable(struct kernel *k, const struct feature_row *row)
{
	uint32_t id = kernel_find_function(k, "bpf_lsm_file_open");
	int fd;

	(void)row;
	if (!id)
		return 0;
	fd = load_nothing(BPF_PROG_TYPE_LSM, BPF_LSM_MAC, id, BPF_F_SLEEPABLE);
	if (fd >= 0)
		close(fd);
	return fd >= 0 ? 1 : fd == -EPERM || fd == -ENOMEM ? fd : 0;
}
