/*
 * The corpus: programs in BCC's dialect, one for each kind of tool that people wrote with BCC. Each
 * must be rewritten for this kernel and in its portable form, compile, and be accepted by this
 * kernel's verifier, program by program. With a clang, the portable text must compile with libbpf's
 * own headers as well.
 *
 *   corpus [--stock CLANG] DIRECTORY [NAME...]
 *
 * A text whose first line is "// needs: WHAT" may be refused by a kernel that does not allow this
 * kind of program, lacks a function, or ("helper NAME") a helper: it counts as compiled then.
 * Nothing is attached. Kernels without kprobes verify their programs all the same: where the
 * library has turned to fentry, which may be refused, libbpf loads the program as it was written.
 * Several workers take one text after the other; each prints what it found in one write.
 */
#include <bcc/bcc.h>
#include <bpf/libbpf.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* From good to bad. */
enum verdict { OK, COMPILES, NOT_LOADED, FAILED, VERDICTS };

static const char *const verdict_names[] = { "ok", "ok (compiles)", "ok (not loaded)", "not ok" };

/* Shared with the workers. */
struct progress {
	atomic_uint next;
	atomic_uint verdicts[VERDICTS];
	atomic_uint programs;
};

struct corpus {
	const char *directory, *clang;
	char **names;
	unsigned count;
	struct progress *progress;
};

/* One text on its way; report is what there is to say when it fails. */
struct item {
	struct bcc_context *ctx;
	const char *name, *clang;
	char *text;
	FILE *report;
	char *needs; /* what follows "// needs: ", NULL when the text says nothing */
	bool may_load;
};

static char *read_file(const char *path)
{
	FILE *f = fopen(path, "re");
	char *text = NULL;
	size_t size = 0;

	if (!f)
		return NULL;
	if (getdelim(&text, &size, '\0', f) < 0 && text)
		*text = '\0';
	fclose(f);
	return text;
}

static enum verdict failed(const struct item *it, const char *what, int err)
{
	char *diags = bcc_context_diags_dup(it->ctx);

	fprintf(it->report, "  %s: %s\n%s", what, bcc_error_name(err), diags ? diags : "");
	bcc_free(diags);
	return FAILED;
}

/* Loads all programs of an object; the log of the last one that failed is added to the report. */
static int load_object(const struct item *it, const void *elf, size_t size, const char *only)
{
	static char log[1 << 16];
	struct bpf_object *obj = bpf_object__open_mem(elf, size, NULL);
	struct bpf_program *bp;
	size_t length;
	int err;

	if (!obj)
		return -errno;
	log[0] = '\0';
	bpf_object__for_each_program(bp, obj) {
		if (only && strcmp(bpf_program__name(bp), only))
			bpf_program__set_autoload(bp, false);
		else
			bpf_program__set_log_buf(bp, log, sizeof(log));
	}
	err = bpf_object__load(obj);
	length = strlen(log);
	if (err && !it->needs)
		fprintf(it->report, "%s", log + (length > 2000 ? length - 2000 : 0));
	bpf_object__close(obj);
	return err;
}

/* Compiles with stock clang and libbpf's headers into a file of memory. Macros are gone from the
 * text, so parentheses that one needed look as if they were written; some warnings are about what
 * users of BCC do, not about what was made of it; the others are errors. */
static int run_clang(const struct item *it, const char *text, int out, int messages)
{
	char *argv[] = { (char *)it->clang, "-target", "bpf", "-mcpu=v2", "-O2", "-g", "-Wall",
			 "-Werror", "-Wno-unused", "-Wno-missing-declarations",
			 "-Wno-parentheses-equality", "-Wno-pointer-sign", "-Wno-pass-failed",
			 "-Wno-uninitialized", "-Wno-int-conversion", "-Wno-unknown-warning-option",
			 "-Wno-default-const-init-var-unsafe", "-x", "c", "-c", "-", "-o", "-",
			 NULL };
	int in = memfd_create("portable", MFD_CLOEXEC), status = -1;
	posix_spawn_file_actions_t actions;
	size_t size = strlen(text);
	pid_t pid;

	if (in < 0 || write(in, text, size) != (ssize_t)size || lseek(in, 0, SEEK_SET))
		goto out;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in, STDIN_FILENO);
	posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO);
	posix_spawn_file_actions_adddup2(&actions, messages, STDERR_FILENO);
	if (!posix_spawn(&pid, it->clang, &actions, NULL, argv, environ))
		waitpid(pid, &status, 0);
	posix_spawn_file_actions_destroy(&actions);
out:
	close(in);
	return status;
}

/* What is made of the portable text without us: libbpf relocates it to this kernel. */
static enum verdict check_portable(const struct item *it, const char *text)
{
	int out = memfd_create("object", MFD_CLOEXEC), said = memfd_create("said", MFD_CLOEXEC);
	enum verdict v = FAILED;
	char messages[4096];
	off_t size;
	ssize_t n;
	void *elf;
	int err;

	if (run_clang(it, text, out, said)) {
		n = pread(said, messages, sizeof(messages), 0);
		fprintf(it->report, "  stock clang refuses the portable text\n%.*s\n",
			n > 0 ? (int)n : 0, messages);
		goto out;
	}
	v = OK;
	if (!it->may_load)
		goto out;
	size = lseek(out, 0, SEEK_END);
	elf = mmap(NULL, size, PROT_READ, MAP_PRIVATE, out, 0);
	err = elf != MAP_FAILED ? load_object(it, elf, size, NULL) : -errno;
	if (err && !it->needs) {
		fprintf(it->report, "  libbpf cannot load the portable object: %s\n",
			strerror(-err));
		v = FAILED;
	}
	munmap(elf, size);
out:
	close(out);
	close(said);
	return v;
}

static enum verdict rewrite(const struct item *it)
{
	BCC_OPTS(bcc_module_opts, opts, .name = it->name);
	enum verdict v = OK;
	char *text;
	int err;

	err = bcc_rewrite(it->ctx, it->text, &opts, BCC_TARGET_HERE, &text);
	if (err == BCC_ERR_PRIVILEGE) /* tracefs is closed to us */
		return NOT_LOADED;
	if (err)
		return failed(it, "rewrite", err);
	bcc_free(text);
	err = bcc_rewrite(it->ctx, it->text, &opts, BCC_TARGET_PORTABLE, &text);
	if (err)
		return failed(it, "portable rewrite", err);
	if (it->clang)
		v = check_portable(it, text);
	bcc_free(text);
	return v;
}

/* Whether the kernel, not we, refuses this kind of program, or lacks the helper that it needs. */
static bool refused(const struct item *it, int err)
{
	const char *needs = it->needs;
	bool found = false;

	if (err == BCC_ERR_VERIFIER && needs && !strncmp(needs, "helper ", 7))
		for (size_t i = 0; i < bcc_diag_count(it->ctx) && !found; i++)
			found = strstr(bcc_diag_message(bcc_diag_get(it->ctx, i)), needs + 7);
	return found || err == BCC_ERR_KERNEL || err == BCC_ERR_NO_HOOK || err == -ENOENT ||
	       err == -ESRCH;
}

/* Loads one program out of the module's object as its section says. */
static int load_as_written(const struct item *it, struct bcc_program *prog)
{
	size_t size;
	const void *elf = bcc_module_object(bcc_program_module(prog), &size);

	return load_object(it, elf, size, bcc_program_name(prog));
}

static enum verdict load(const struct item *it, struct progress *progress)
{
	BCC_OPTS(bcc_module_opts, opts, .name = it->name);
	struct bcc_program *prog = NULL;
	struct bcc_module *mod;
	enum verdict v = OK;
	unsigned n = 0;
	int err;

	err = bcc_module_create(it->ctx, it->text, &opts, &mod);
	if (err == BCC_ERR_PRIVILEGE)
		return NOT_LOADED;
	if (err)
		return failed(it, "compile", err);
	while ((prog = bcc_module_next_program(mod, prog))) {
		n++;
		err = bcc_program_load(prog);
		if (!err || (refused(it, err) && !load_as_written(it, prog)))
			continue;
		if (!it->needs || !refused(it, err))
			v = failed(it, bcc_program_name(prog), err);
		else if (v != FAILED)
			v = COMPILES;
	}
	if (!n) {
		fprintf(it->report, "  no program in it\n");
		v = FAILED;
	}
	atomic_fetch_add(&progress->programs, n);
	bcc_module_destroy(mod);
	return v;
}

static void check_one(const struct corpus *c, struct bcc_context *ctx, const char *name)
{
	struct item it = { .ctx = ctx, .name = name, .clang = c->clang };
	enum verdict v = FAILED, loaded;
	char *report = NULL, path[4096];
	size_t size;

	it.report = open_memstream(&report, &size);
	if (!it.report)
		abort();
	snprintf(path, sizeof(path), "%s/%s", c->directory, name);
	it.text = read_file(path);
	if (it.text) {
		if (!strncmp(it.text, "// needs: ", 10))
			it.needs = strndup(it.text + 10, strcspn(it.text + 10, "\n"));
		loaded = load(&it, c->progress);
		it.may_load = loaded == OK;
		v = rewrite(&it);
		if (v < loaded)
			v = loaded;
	}
	free(it.needs);
	free(it.text);
	fclose(it.report);
	atomic_fetch_add(&c->progress->verdicts[v], 1);
	printf("%s: %s\n%s", verdict_names[v], name, report);
	fflush(stdout);
	free(report);
}

static int work(const struct corpus *c)
{
	struct bcc_context *ctx;
	unsigned i;

	libbpf_set_print(NULL);
	if (bcc_context_create(NULL, &ctx))
		return 1;
	while ((i = atomic_fetch_add(&c->progress->next, 1)) < c->count)
		check_one(c, ctx, c->names[i]);
	bcc_context_destroy(ctx);
	return 0;
}

static int is_program(const struct dirent *entry)
{
	const char *dot = strrchr(entry->d_name, '.');

	return dot && !strcmp(dot, ".c") && strcmp(entry->d_name, "corpus.c") &&
	       strcmp(entry->d_name, "hostile.c");
}

/* The texts of the directory in order, or those that are named. */
static int find_texts(struct corpus *c, char **names, int count)
{
	struct dirent **entries;
	int n;

	if (count) {
		c->names = names;
		c->count = count;
		return 0;
	}
	n = scandir(c->directory, &entries, is_program, alphasort);
	if (n <= 0)
		return -1;
	c->names = calloc(n, sizeof(*c->names));
	for (int i = 0; c->names && i < n; i++) {
		c->names[i] = strdup(entries[i]->d_name);
		free(entries[i]);
	}
	free(entries);
	c->count = n;
	return c->names ? 0 : -1;
}

/* Forks the workers and waits for them; a worker that dies is a failure. */
static int run_workers(const struct corpus *c)
{
	long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	int status, failures = 0;

	for (long i = 0; i < (cpus > 8 ? 8 : cpus); i++) {
		pid_t pid = fork();

		if (!pid)
			_exit(work(c));
		failures += pid < 0;
	}
	while (wait(&status) > 0)
		failures += status != 0;
	return failures;
}

int main(int argc, char **argv)
{
	struct corpus c = { 0 };
	int arg = 1, failures;
	atomic_uint *v;

	if (argc > 3 && !strcmp(argv[1], "--stock")) {
		c.clang = argv[2];
		arg = 3;
	}
	if (arg >= argc) {
		fprintf(stderr, "usage: corpus [--stock CLANG] DIRECTORY [NAME...]\n");
		return 2;
	}
	c.directory = argv[arg++];
	c.progress = mmap(NULL, sizeof(*c.progress), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (c.progress == MAP_FAILED || find_texts(&c, argv + arg, argc - arg)) {
		perror(c.directory);
		return 2;
	}
	failures = run_workers(&c);
	v = c.progress->verdicts;
	printf("%u texts, %u programs: %u load, %u compile (the kernel refuses their kind), "
	       "%u are not loaded (no privileges), %u fail\n", c.count,
	       atomic_load(&c.progress->programs), v[OK], v[COMPILES], v[NOT_LOADED], v[FAILED]);
	if (failures || v[FAILED] || v[OK] + v[COMPILES] + v[NOT_LOADED] != c.count)
		return 1;
	return v[NOT_LOADED] ? 77 : 0;
}
