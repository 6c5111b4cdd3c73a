/*
 * The header of needed types, to the letter: from the fixture's kernel and from format files that
 * are written here. That layouts are right is test_kernel_layout.c's matter.
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
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/kernel.h"

#define LIST(...) (const char *const[]){ __VA_ARGS__, NULL }

struct fixture {
	char directory[64];
	struct kernel *k;      /* the fixture's types and format files */
	struct kernel *no_btf; /* an empty BTF, the same format files */
	struct kernel *no_tracefs;
};

static size_t count(const char *const *list)
{
	size_t n = 0;

	while (list && list[n])
		n++;
	return n;
}

/* One request; the reply's header must be this. */
static struct types_reply ask(struct kernel *k, const char *const *names, const char *const *own,
			      const char *const *tracepoints, bool portable)
{
	const char *both[128]; /* every name as an identifier and as a tag */
	char tags[64][64];
	size_t n = count(names);
	struct types_request rq = {
		.names = both,
		.n_names = 2 * n,
		.own = own,
		.n_own = count(own),
		.tracepoints = tracepoints,
		.n_tracepoints = count(tracepoints),
		.portable = portable,
	};
	struct types_reply reply;

	for (size_t i = 0; i < n; i++) {
		snprintf(tags[i], sizeof(tags[i]), "struct %s", names[i]);
		both[2 * i] = names[i];
		both[2 * i + 1] = tags[i];
	}
	assert_int_equal(kernel_types(k, &rq, &reply), 0);
	return reply;
}

static void expect(struct types_reply reply, const char *header)
{
	assert_string_equal(reply.header, header);
	assert_null(reply.missing[0]);
	types_reply_free(&reply);
}

static void nothing(void **state)
{
	struct fixture *f = *state;

	expect(ask(f->k, NULL, NULL, NULL, false), "");
	expect(ask(f->k, LIST("my_variable", "vfs_read", "int"), NULL, NULL, false), "");
}

static void typedef_chain(void **state)
{
	struct fixture *f = *state;

	expect(ask(f->k, LIST("pid_t", "bool", "u32"), NULL, NULL, false),
	       "typedef unsigned int __u32;\n"
	       "typedef __u32 u32;\n"
	       "typedef int __kernel_pid_t;\n"
	       "typedef __kernel_pid_t pid_t;\n"
	       "typedef _Bool bool;\n");
}

static void pruned(void **state)
{
	struct fixture *f = *state;

	expect(ask(f->k, LIST("task_struct", "real_parent", "tid_high", "in_iowait", "comm"), NULL,
		   NULL, false),
	       "struct task_struct;\n"
	       "\n"
	       "typedef unsigned int __u32;\n"
	       "typedef __u32 u32;\n"
	       "\n"
	       "struct task_struct {\n"
	       "	char __pad_0[100];\n"
	       "	unsigned char : 1;\n"
	       "	unsigned int in_iowait : 1;\n"
	       "	char __pad_1[11];\n"
	       "	struct task_struct *real_parent;\n"
	       "	char __pad_2[16];\n"
	       "	union {\n"
	       "		struct {\n"
	       "			char __pad_3[4];\n"
	       "			u32 tid_high;\n"
	       "		};\n"
	       "	};\n"
	       "	char __pad_4[32];\n"
	       "	char comm[16];\n"
	       "	char __pad_5[96];\n"
	       "};\n");
}

static void portable(void **state)
{
	struct fixture *f = *state;

	expect(ask(f->k, LIST("task_struct", "in_iowait", "tid_high", "cred", "ethhdr"), NULL, NULL,
		   true),
	       "struct cred;\n"
	       "\n"
	       "typedef unsigned int __u32;\n"
	       "typedef __u32 u32;\n"
	       "\n"
	       "struct task_struct {\n"
	       "	unsigned int in_iowait : 1;\n"
	       "	union {\n"
	       "		struct {\n"
	       "			u32 tid_high;\n"
	       "			char __pad_0[4];\n"
	       "		};\n"
	       "	};\n"
	       "	const struct cred *cred;\n"
	       "	char __pad_1[264];\n"
	       "} __attribute__((preserve_access_index));\n"
	       "\n"
	       "typedef struct {\n"
	       "	int counter;\n"
	       "} __attribute__((preserve_access_index)) atomic_t;\n"
	       "\n"
	       "struct refcount_struct {\n"
	       "	atomic_t refs;\n"
	       "} __attribute__((preserve_access_index));\n"
	       "\n"
	       "typedef struct refcount_struct refcount_t;\n"
	       "typedef unsigned int __kernel_uid32_t;\n"
	       "typedef __kernel_uid32_t uid_t;\n"
	       "\n"
	       "typedef struct {\n"
	       "	uid_t val;\n"
	       "} __attribute__((preserve_access_index)) kuid_t;\n"
	       "\n"
	       "struct cred {\n"
	       "	refcount_t usage;\n"
	       "	kuid_t uid;\n"
	       "	kuid_t euid;\n"
	       "} __attribute__((preserve_access_index));\n"
	       "\n"
	       "typedef unsigned short __u16;\n"
	       "typedef __u16 __be16;\n"
	       "\n"
	       "struct ethhdr {\n"
	       "	unsigned char h_dest[6];\n"
	       "	unsigned char h_source[6];\n"
	       "	__be16 h_proto;\n"
	       "} __attribute__((preserve_access_index));\n");
}

/* A pointer leads to a definition when its name is written, to a declaration when it is not. */
static void pointers(void **state)
{
	struct fixture *f = *state;

	expect(ask(f->k, LIST("path"), NULL, NULL, false),
	       "struct dentry;\n"
	       "\n"
	       "struct path {\n"
	       "	void *mnt;\n"
	       "	struct dentry *dentry;\n"
	       "};\n");
	expect(ask(f->k, LIST("nsproxy", "pid_ns_for_children"), LIST("struct refcount_struct"),
		   NULL, false),
	       "struct pid_namespace;\n"
	       "\n"
	       "typedef struct {\n"
	       "	int counter;\n"
	       "} atomic_t;\n"
	       "\n"
	       "struct refcount_struct___kernel {\n"
	       "	atomic_t refs;\n"
	       "};\n"
	       "\n"
	       "typedef struct refcount_struct___kernel refcount_t;\n"
	       "\n"
	       "struct nsproxy {\n"
	       "	refcount_t count;\n"
	       "	struct pid_namespace *pid_ns_for_children;\n"
	       "};\n"
	       "\n"
	       "struct ns_common {\n"
	       "	unsigned int inum;\n"
	       "};\n"
	       "\n"
	       "typedef unsigned long long __u64;\n"
	       "typedef __u64 u64;\n"
	       "\n"
	       "struct pid_namespace {\n"
	       "	struct ns_common ns;\n"
	       "	u64 level;\n"
	       "};\n");
}

/* What the text defines itself is left to it; the kernel's goes by another name. */
static void own(void **state)
{
	struct fixture *f = *state;

	expect(ask(f->k, LIST("path", "dentry", "u32"), LIST("struct path", "struct dentry", "u32"),
		   NULL, false),
	       "");
	expect(ask(f->k, LIST("path", "dentry"), LIST("struct dentry"), NULL, false),
	       "struct dentry;\n"
	       "\n"
	       "struct path {\n"
	       "	void *mnt;\n"
	       "	struct dentry *dentry;\n"
	       "};\n");
	expect(ask(f->k, LIST("kuid_t"), LIST("uid_t"), NULL, false),
	       "typedef unsigned int __kernel_uid32_t;\n"
	       "typedef __kernel_uid32_t uid_t___kernel;\n"
	       "\n"
	       "typedef struct {\n"
	       "	uid_t___kernel val;\n"
	       "} kuid_t;\n");
	expect(ask(f->k, LIST("temperature", "COLD"), LIST("COLD"), NULL, false),
	       "enum temperature {\n"
	       "	WARM = 5,\n"
	       "};\n");
}

static void enums(void **state)
{
	struct fixture *f = *state;

	expect(ask(f->k, LIST("GREEN"), NULL, NULL, false),
	       "enum colour {\n"
	       "	RED = 0,\n"
	       "	GREEN = 7,\n"
	       "	BLUE = 300,\n"
	       "};\n");
	expect(ask(f->k, LIST("MANY_3", "BPF_MAP_TYPE_HASH", "TASK_COMM_LEN"), NULL, NULL, false),
	       "enum {\n"
	       "	TASK_COMM_LEN = 16,\n"
	       "};\n"
	       "\n"
	       "enum many {\n"
	       "	MANY_NEGATIVE = -1,\n"
	       "	MANY_3 = 3,\n"
	       "};\n"
	       "\n"
	       "enum bpf_map_type {\n"
	       "	BPF_MAP_TYPE_HASH = 1,\n"
	       "};\n");
	expect(ask(f->k, LIST("tiny", "huge"), NULL, NULL, false),
	       "enum tiny {\n"
	       "	TINY_A = 0,\n"
	       "	TINY_B = 1,\n"
	       "} __attribute__((mode(QI)));\n"
	       "\n"
	       "enum huge {\n"
	       "	HUGE_A = 1,\n"
	       "	HUGE_B = 4294967296,\n"
	       "	HUGE_C = 18446744073709551615ull,\n"
	       "} __attribute__((mode(DI)));\n");
}

static void declarators(void **state)
{
	struct fixture *f = *state;
	struct types_reply reply = ask(f->k,
		LIST("shapes", "const_pointers", "both", "function", "table", "returns_function",
		     "pointer_to_array", "matrix", "points", "undefined", "packed_record"),
		NULL, NULL, false);
	static const char *const lines[] = {
		"\tconst char *const *const_pointers;\n",
		"\tconst volatile int both;\n",
		"\tint (*function)(const struct sock *, void __user *, ...);\n",
		"\tint (*table[3])(void);\n",
		"\tint (*(*returns_function)(int))(struct sock *);\n",
		"\tint (*pointer_to_array)[5];\n",
		"\tu8 matrix[2][3][4];\n",
		"\tstruct {\n\t\tu32 x;\n\t\tu32 y;\n\t} *points;\n",
		"\tstruct undefined *undefined;\n",
		"\tu16 more : 9;\n\tu64 big;\n} __attribute__((packed));\n",
	};

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		if (!strstr(reply.header, lines[i]))
			fail_msg("no %s in\n%s", lines[i], reply.header);
	}
	types_reply_free(&reply);
}

/* The same request gives the same text, whatever the order of the names. */
static void deterministic(void **state)
{
	struct fixture *f = *state;
	struct types_reply a =
		ask(f->k, LIST("task_struct", "cred", "mm", "sock", "usage"), NULL, NULL, 0);
	struct types_reply b =
		ask(f->k, LIST("usage", "sock", "mm", "cred", "task_struct"), NULL, NULL, 0);

	assert_string_equal(a.header, b.header);
	types_reply_free(&a);
	types_reply_free(&b);
}

/* --- tracepoints --- */

static const char switch_format[] =
	"name: sched_switch\nID: 1\nformat:\n"
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
	"\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
	"\tfield:char prev_comm[TASK_COMM_LEN];\toffset:8;\tsize:16;\tsigned:0;\n"
	"\tfield:pid_t prev_pid;\toffset:24;\tsize:4;\tsigned:1;\n"
	"\tfield:long prev_state;\toffset:32;\tsize:8;\tsigned:1;\n"
	"\tfield:__data_loc char[] name;\toffset:40;\tsize:4;\tsigned:0;\n"
	"\tfield:__rel_loc u8[] data;\toffset:44;\tsize:4;\tsigned:0;\n"
	"\tfield:struct dentry * dentry;\toffset:48;\tsize:8;\tsigned:0;\n"
	"\tfield:const struct module_thing * thing;\toffset:56;\tsize:8;\tsigned:0;\n"
	"\tfield:module_t flags;\toffset:64;\tsize:2;\tsigned:1;\n"
	"\tfield:enum colour colour;\toffset:68;\tsize:4;\tsigned:0;\n"
	"\tfield:unsigned char mac[6];\toffset:72;\tsize:6;\tsigned:0;\n"
	"\nprint fmt: \"\"\n";

static const char open_format[] =
	"\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
	"\tfield:int common_preempt_lazy_count;\toffset:8;\tsize:4;\tsigned:1;\n\n"
	"\tfield:int __syscall_nr;\toffset:12;\tsize:4;\tsigned:1;\n"
	"\tfield:const char * filename;\toffset:16;\tsize:8;\tsigned:0;\n"
	"\tfield:umode_t mode;\toffset:24;\tsize:8;\tsigned:0;\n"
	"\tfield:int flags;\toffset:32;\tsize:8;\tsigned:0;\n"
	"\tfield:const char *const * argv;\toffset:40;\tsize:8;\tsigned:0;\n";

static void tracepoint(void **state)
{
	struct fixture *f = *state;

	expect(ask(f->k, LIST("args"), NULL, LIST("sched__sched_switch", "sched__sched_switch"),
		   false),
	       "struct dentry;\n"
	       "struct module_thing;\n"
	       "\n"
	       "typedef int __kernel_pid_t;\n"
	       "typedef __kernel_pid_t pid_t;\n"
	       "\n"
	       "enum colour {\n"
	       "	RED = 0,\n"
	       "	GREEN = 7,\n"
	       "	BLUE = 300,\n"
	       "};\n"
	       "\n"
	       "struct tracepoint__sched__sched_switch {\n"
	       "	unsigned long long __do_not_use__;\n"
	       "	char prev_comm[16];\n"
	       "	pid_t prev_pid;\n"
	       "	char __pad_28[4];\n"
	       "	long prev_state;\n"
	       "	int data_loc_name;\n"
	       "	int rel_loc_data;\n"
	       "	struct dentry *dentry;\n"
	       "	const struct module_thing *thing;\n"
	       "	short flags;\n"
	       "	char __pad_66[2];\n"
	       "	enum colour colour;\n"
	       "	unsigned char mac[6];\n"
	       "};\n");
}

static void syscall_tracepoint(void **state)
{
	struct fixture *f = *state;
	static const char expected[] =
		"struct tracepoint__syscalls__sys_enter_open {\n"
		"	unsigned long long __do_not_use__;\n"
		"	char __do_not_use__8[4];\n"
		"	int __syscall_nr;\n"
		"	const char __user *filename;\n"
		"	unsigned long long mode;\n"
		"	long long flags;\n"
		"	const char __user *const *argv;\n"
		"};\n";
	struct types_reply reply;

	reply = ask(f->k, NULL, NULL, LIST("syscalls__sys_enter_open"), false);
	assert_non_null(strstr(reply.header, expected));
	types_reply_free(&reply);
	reply = ask(f->no_btf, NULL, NULL, LIST("syscalls__sys_enter_open"), false);
	assert_non_null(strstr(reply.header, expected));
	types_reply_free(&reply);
}

/* __ in the category and in the event: every split is tried. */
static void split_names(void **state)
{
	struct fixture *f = *state;
	struct types_reply reply =
		ask(f->k, NULL, NULL, LIST("odd__cat__odd__event", "no__such__thing"), false);

	assert_non_null(strstr(reply.header, "struct tracepoint__odd__cat__odd__event {\n"));
	assert_string_equal(reply.missing[0], "no__such__thing");
	assert_null(reply.missing[1]);
	types_reply_free(&reply);
}

static void without_tracefs(void **state)
{
	struct fixture *f = *state;

	expect(ask(f->no_tracefs, NULL, NULL, LIST("sched__sched_switch"), false),
	       "typedef int __kernel_pid_t;\n"
	       "typedef __kernel_pid_t pid_t;\n"
	       "\n"
	       "struct tracepoint__sched__sched_switch {\n"
	       "	unsigned long long __do_not_use__;\n"
	       "	char prev_comm[16];\n"
	       "	pid_t prev_pid;\n"
	       "	int prev_prio;\n"
	       "	long prev_state;\n"
	       "	int data_loc_note;\n"
	       "};\n");
}

static void without_btf(void **state)
{
	struct fixture *f = *state;

	expect(ask(f->no_btf, LIST("u32", "pid_t", "task_struct", "bool"), LIST("bool"), NULL,
		   false),
	       "typedef unsigned int u32;\n"
	       "typedef int pid_t;\n");
}

static void no_such_file(void **state)
{
	struct kernel_opts opts = { .btf_path = "/nonexistent" };
	struct types_request rq = { 0 };
	struct types_reply reply;
	struct kernel *k;

	(void)state;
	assert_int_equal(kernel_open(&opts, &k), 0);
	assert_int_equal(kernel_types(k, &rq, &reply), -ENOENT);
	kernel_close(k);
	assert_int_equal(kernel_open(NULL, &k), 0);
	kernel_close(k);
	kernel_close(NULL);
}

/* --- the place --- */

static void put(const char *directory, const char *path, const void *data, size_t size)
{
	char full[512];
	FILE *file;

	snprintf(full, sizeof(full), "%s/%s", directory, path);
	for (char *p = full + strlen(directory) + 1; (p = strchr(p, '/')); *p++ = '/') {
		*p = '\0';
		mkdir(full, 0700);
	}
	file = fopen(full, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(data, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
}

static const char *const files[] = {
	"events/sched/sched_switch/format", "events/syscalls/sys_enter_open/format",
	"events/odd__cat/odd__event/format", "empty.btf",
};

static int setup(void **state)
{
	/* A header, no types, one empty string. */
	static const unsigned char empty[] = {
		0x9f, 0xeb, 1, 0, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0,
	};
	struct fixture *f = calloc(1, sizeof(*f));
	char btf[128];
	struct kernel_opts opts = { .btf_path = TEST_KERNEL, .tracefs_path = f->directory };
	struct kernel_opts no_btf = { .btf_path = btf, .tracefs_path = f->directory };
	struct kernel_opts no_tracefs = { .btf_path = TEST_KERNEL, .tracefs_path = "/nonexistent" };

	*state = f;
	strcpy(f->directory, "/tmp/bcc-test-types-XXXXXX");
	if (!mkdtemp(f->directory))
		return -1;
	put(f->directory, files[0], switch_format, strlen(switch_format));
	put(f->directory, files[1], open_format, strlen(open_format));
	put(f->directory, files[2], open_format, strlen(open_format));
	put(f->directory, files[3], empty, sizeof(empty));
	snprintf(btf, sizeof(btf), "%s/%s", f->directory, files[3]);
	return kernel_open(&opts, &f->k) || kernel_open(&no_btf, &f->no_btf) ||
	       kernel_open(&no_tracefs, &f->no_tracefs);
}

static int teardown(void **state)
{
	struct fixture *f = *state;
	char path[512];

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", f->directory, files[i]);
		unlink(path);
		while (strlen(path) > strlen(f->directory)) {
			*strrchr(path, '/') = '\0';
			rmdir(path);
		}
	}
	kernel_close(f->k);
	kernel_close(f->no_btf);
	kernel_close(f->no_tracefs);
	free(f);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing),
		cmocka_unit_test(typedef_chain),
		cmocka_unit_test(pruned),
		cmocka_unit_test(portable),
		cmocka_unit_test(pointers),
		cmocka_unit_test(own),
		cmocka_unit_test(enums),
		cmocka_unit_test(declarators),
		cmocka_unit_test(deterministic),
		cmocka_unit_test(tracepoint),
		cmocka_unit_test(syscall_tracepoint),
		cmocka_unit_test(split_names),
		cmocka_unit_test(without_tracefs),
		cmocka_unit_test(without_btf),
		cmocka_unit_test(no_such_file),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
