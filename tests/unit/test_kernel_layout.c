/*
 * The layout of generated types, by the compiler's own word: what kernel_types() writes is compiled
 * for BPF, and the BTF that clang makes of it must have every field where the kernel's has it. For
 * the fixture's records all, for the running kernel's some hundreds with some of their fields.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/btf.h"
#include "kernel/kernel.h"
#include "kernel/text.h"

#define LIVE "/sys/kernel/btf/vmlinux"
#define BATCH 64

extern char **environ;

static char directory[] = "/tmp/bcc-test-layout-XXXXXX";
static char source[64], object[64];

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(directory))
		return -1;
	snprintf(source, sizeof(source), "%s/t.c", directory);
	snprintf(object, sizeof(object), "%s/t.o", directory);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	unlink(source);
	unlink(object);
	return rmdir(directory);
}

static void compile(const struct ktext *text)
{
	char *argv[] = {
		TEST_CLANG, "-target", "bpf", "-g", "-O2", "-w", "-c", source, "-o", object, NULL,
	};
	FILE *f = fopen(source, "w");
	int status;
	pid_t pid;

	assert_non_null(f);
	assert_int_equal(fwrite(text->data, 1, text->len, f), text->len);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(posix_spawn(&pid, TEST_CLANG, NULL, NULL, argv, environ), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	if (status != 0)
		fail_msg("the generated types do not compile");
}

/* --- comparing --- */

/* The member of this name, in the record or in the nameless ones within; offset from the start. */
static bool lookup(const struct kbtf *btf, uint32_t id, const char *name, struct kbtf_member *out)
{
	const struct btf_type *record = kbtf_type(btf, kbtf_unqualified(btf, id));

	for (uint32_t i = 0; kbtf_is_record(record) && i < kbtf_vlen(record); i++) {
		struct kbtf_member m = kbtf_member(btf, record, i);

		if (strcmp(m.name, name) == 0) {
			*out = m;
			return true;
		}
		if (!m.name[0] && lookup(btf, m.type, name, out)) {
			out->offset += m.offset;
			return true;
		}
	}
	return false;
}

/* What an array is of, and so on down to what is not an array. */
static uint32_t element(const struct kbtf *btf, uint32_t id)
{
	const struct btf_type *type;

	for (;;) {
		id = kbtf_unqualified(btf, id);
		type = kbtf_type(btf, id);
		if (kbtf_kind(type) != BTF_KIND_ARRAY)
			return id;
		id = ((const struct btf_array *)(type + 1))->type;
	}
}

struct pair {
	const struct kbtf *ours, *kernel;
	const char *record;
	char difference[256]; /* empty: none */
};

static bool same_member(struct pair *p, const struct kbtf_member *m, uint32_t offset,
			const struct kbtf_member *k)
{
	int64_t ours = kbtf_size(p->ours, m->type), theirs = kbtf_size(p->kernel, k->type);

	if (offset == k->offset && m->bits == k->bits && ours == theirs)
		return true;
	snprintf(p->difference, sizeof(p->difference),
		 "%s.%s: bit %u, %u bits, %lld bytes; in BTF bit %u, %u bits, %lld bytes",
		 p->record, m->name, offset, m->bits, (long long)ours, k->offset, k->bits,
		 (long long)theirs);
	return false;
}

static void compare(struct pair *p, uint32_t ours, uint32_t kernel, uint32_t base)
{
	const struct btf_type *record = kbtf_type(p->ours, ours);

	for (uint32_t i = 0; i < kbtf_vlen(record) && !p->difference[0]; i++) {
		struct kbtf_member m = kbtf_member(p->ours, record, i), k;
		uint32_t inner = element(p->ours, m.type);

		if (strncmp(m.name, "__pad_", 6) == 0)
			continue;
		if (!m.name[0]) {
			compare(p, inner, kernel, base + m.offset);
			continue;
		}
		if (!lookup(p->kernel, kernel, m.name, &k)) {
			snprintf(p->difference, sizeof(p->difference), "%s.%s: not in BTF",
				 p->record, m.name);
			return;
		}
		if (same_member(p, &m, base + m.offset, &k) &&
		    kbtf_is_record(kbtf_type(p->ours, inner)) &&
		    !kbtf_name(p->ours, kbtf_type(p->ours, inner))[0])
			compare(p, inner, element(p->kernel, k.type), 0);
	}
}

/* The kernel has different records of one name here and there: ours must be like one of them. */
static void compare_record(const struct kbtf *ours, const struct kbtf *kernel, uint32_t id)
{
	const struct btf_type *type = kbtf_type(ours, id);
	struct pair pair = { ours, kernel, kbtf_name(ours, type), "no such record in BTF" };

	for (uint32_t k = 1; k < kernel->count; k++) {
		const struct btf_type *theirs = kbtf_type(kernel, k);

		if (kbtf_kind(theirs) != kbtf_kind(type) ||
		    strcmp(kbtf_name(kernel, theirs), pair.record) != 0)
			continue;
		pair.difference[0] = '\0';
		if (theirs->size != type->size)
			snprintf(pair.difference, sizeof(pair.difference),
				 "%s: %u bytes; in BTF %u", pair.record, type->size, theirs->size);
		compare(&pair, id, k, 0);
		if (!pair.difference[0])
			return;
	}
	fail_msg("%s", pair.difference);
}

/* All named records of our object against those of the kernel; returns how many. */
static unsigned compare_all(const struct kbtf *kernel)
{
	unsigned records = 0;
	struct kbtf ours;

	assert_int_equal(kbtf_open(object, &ours), 0);
	for (uint32_t id = 1; id < ours.count; id++) {
		const struct btf_type *type = kbtf_type(&ours, id);
		const char *name = kbtf_name(&ours, type);

		if (!kbtf_is_record(type) || !name[0] || strstr(name, "___"))
			continue;
		compare_record(&ours, kernel, id);
		records++;
	}
	kbtf_close(&ours);
	return records;
}

/* --- choosing --- */

struct batch {
	const char *names[65536];
	size_t n_names;
	const char *variables[BATCH];
	char tags[BATCH][136]; /* "struct NAME" of each */
	size_t n_variables;
	uint32_t random;
};

static uint32_t chance(struct batch *b)
{
	b->random = b->random * 1664525 + 1013904223;
	return b->random >> 16;
}

static void choose_members(struct batch *b, const struct kbtf *btf, uint32_t id)
{
	const struct btf_type *record = kbtf_type(btf, kbtf_unqualified(btf, id));

	for (uint32_t i = 0; kbtf_is_record(record) && i < kbtf_vlen(record); i++) {
		struct kbtf_member m = kbtf_member(btf, record, i);

		if (!m.name[0])
			choose_members(b, btf, m.type);
		else if (chance(b) % 3 == 0 && b->n_names < 65536)
			b->names[b->n_names++] = m.name;
	}
}

static void choose(struct batch *b, const struct kbtf *btf, uint32_t id)
{
	const char *name = kbtf_name(btf, kbtf_type(btf, id));

	snprintf(b->tags[b->n_variables], sizeof(b->tags[0]), "struct %s", name);
	b->names[b->n_names++] = b->tags[b->n_variables];
	b->variables[b->n_variables++] = name;
	choose_members(b, btf, id);
}

static unsigned check_batch(struct kernel *k, const struct kbtf *btf, struct batch *b,
			    bool portable)
{
	struct types_request rq = { .names = b->names,
				    .n_names = b->n_names,
				    .portable = portable };
	struct ktext text = { 0 };
	struct types_reply reply;
	unsigned records = 0;

	if (b->n_variables == 0)
		return 0;
	assert_int_equal(kernel_types(k, &rq, &reply), 0);
	ktext_add(&text, "#define __user\n#define __percpu\n");
	ktext_add(&text, reply.header);
	for (size_t i = 0; i < b->n_variables; i++)
		ktext_printf(&text, "struct %s v%zu;\n", b->variables[i], i);
	compile(&text);
	if (!portable) {
		records = compare_all(btf);
		assert_true(records >= b->n_variables);
	}
	ktext_free(&text);
	types_reply_free(&reply);
	b->n_names = b->n_variables = 0;
	return records;
}

/* Structs, unions and enums share their names: the first has it. */
static uint32_t first_of_tag(const struct kbtf *btf, const char *name)
{
	static const uint32_t kinds[] = { BTF_KIND_STRUCT, BTF_KIND_UNION, BTF_KIND_ENUM };
	uint32_t first = UINT32_MAX;

	for (int i = 0; i < 3; i++) {
		uint32_t id = kbtf_find(btf, kinds[i], name);

		if (id && id < first)
			first = id;
	}
	return first;
}

/* Every step-th struct that the kernel has once, and the ones that are named. */
static unsigned check(const char *path, unsigned step, const char *const *always, bool portable)
{
	static struct batch batch;
	struct kernel_opts opts = { .btf_path = path };
	struct kernel *k;
	struct kbtf btf;
	unsigned records = 0;

	batch = (struct batch){ .random = 1 };
	assert_int_equal(kernel_open(&opts, &k), 0);
	assert_int_equal(kbtf_open(path, &btf), 0);
	for (; *always; always++) {
		uint32_t id = kbtf_find(&btf, BTF_KIND_STRUCT, *always);

		if (id)
			choose(&batch, &btf, id);
	}
	records += check_batch(k, &btf, &batch, portable);
	for (uint32_t id = 1; id < btf.count; id++) {
		const struct btf_type *type = kbtf_type(&btf, id);

		if (kbtf_kind(type) != BTF_KIND_STRUCT || !type->name_off || chance(&batch) % step)
			continue;
		if (first_of_tag(&btf, kbtf_name(&btf, type)) == id)
			choose(&batch, &btf, id);
		if (batch.n_variables == BATCH)
			records += check_batch(k, &btf, &batch, portable);
	}
	records += check_batch(k, &btf, &batch, portable);
	kbtf_close(&btf);
	kernel_close(k);
	return records;
}

static const char *const none[] = { NULL };
static const char *const famous[] = {
	"task_struct", "sock", "sk_buff", "request", "file", "dentry", "bio", "net_device",
	"mm_struct", "tcp_sock", "inode", "super_block", "page", "folio", "vm_area_struct",
	"cred", "signal_struct", "inet_sock", "inet_connection_sock", "tcphdr", "iphdr",
	"ipv6hdr", "ethhdr", "pt_regs", "request_queue", "gendisk", "bpf_prog", "bpf_map",
	"css_set", "cgroup", "nsproxy", "linux_binprm", "perf_event", "rq", "cfs_rq",
	"skb_shared_info", "socket", "msghdr", "fpu", "desc_struct", NULL,
};

static void test_fixture(void **state)
{
	(void)state;
	assert_true(check(TEST_KERNEL, 1, none, false) > 20);
}

static void test_fixture_portable(void **state)
{
	(void)state;
	check(TEST_KERNEL, 1, none, true);
}

static void test_live(void **state)
{
	const char *step = getenv("LAYOUT_STEP"); /* 1 takes minutes and checks every struct */

	(void)state;
	if (access(LIVE, R_OK) != 0)
		skip();
	assert_true(check(LIVE, step ? (unsigned)atoi(step) : 25, famous, false) > 300);
}

static void test_live_portable(void **state)
{
	(void)state;
	if (access(LIVE, R_OK) != 0)
		skip();
	check(LIVE, 200, famous, true);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fixture),
		cmocka_unit_test(test_fixture_portable),
		cmocka_unit_test(test_live),
		cmocka_unit_test(test_live_portable),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
