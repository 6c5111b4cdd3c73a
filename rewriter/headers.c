/*
 * A kernel header tree, parsed as the kernel's own build would: its include directories in its
 * order, its configuration, the C of the machine's architecture. Function bodies are skipped: they
 * are half of the time, and asm in them is what a foreign compiler may stumble over.
 *
 * Any error ends the job. A type that was not understood could have another layout than the
 * kernel's, and a program that reads the wrong bytes is worse than none.
 */
#include "headers.h"

#include <clang-c/Index.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAX_ERRORS = 3 };

/* By directory below arch/: the triple, and what headers ask of the architecture's Makefile. */
static const struct {
	const char *arch, *triple, *flags[2];
} targets[] = {
	{ "x86", "x86_64-linux-gnu", { "-mno-sse", "-DCC_USING_FENTRY" } },
	{ "arm64", "aarch64-linux-gnu", { "-mgeneral-regs-only", "-DKASAN_SHADOW_SCALE_SHIFT=3" } },
	{ "powerpc", "powerpc64le-linux-gnu", { "-msoft-float" } },
	{ "riscv", "riscv64-linux-gnu", { "-mno-relax" } },
	{ "loongarch", "loongarch64-linux-gnu", { "-msoft-float" } },
};

/*
 * What a text may name without including it, as with a kernel's own BTF: the structs that tools
 * look at most, and what the rewriter itself writes (contexts, registers, kinds of maps).
 */
static const char *const basics[] = {
	"linux/types.h", "linux/sched.h", "linux/ptrace.h", "linux/fs.h", "linux/mm.h",
	"linux/cred.h", "linux/nsproxy.h", "linux/pid_namespace.h", "linux/bpf.h",
	"linux/blkdev.h", "linux/skbuff.h", "linux/netdevice.h", "linux/tcp.h", "net/sock.h",
	"net/inet_sock.h", "uapi/linux/bpf_perf_event.h", "asm/ptrace.h", NULL,
};

/* Kernels before 5.16 take it from the compiler; ours is a parser without headers of its own. */
static const char stdarg[] =
	"typedef __builtin_va_list va_list;\n"
	"#define va_start(list, last) __builtin_va_start(list, last)\n"
	"#define va_end(list) __builtin_va_end(list)\n"
	"#define va_arg(list, type) __builtin_va_arg(list, type)\n"
	"#define va_copy(to, from) __builtin_va_copy(to, from)\n";

/* Whether a name can stand in an #include of the tree's: no way out of it. */
static bool name_ok(const char *name, size_t length)
{
	if (!length || *name == '/' || memmem(name, length, "..", 2))
		return false;
	for (size_t i = 0; i < length; i++)
		if (!isalnum((unsigned char)name[i]) && !strchr("_-+./", name[i]))
			return false;
	return true;
}

/* The include directories in the order of the kernel's Makefile. */
static const char *const places[] = {
	"%s/arch/%s/include",      "%s/arch/%s/include/generated",
	"%s/include",              "%s/include",
	"%s/arch/%s/include/uapi", "%s/arch/%s/include/generated/uapi",
	"%s/include/uapi",         "%s/include/generated/uapi",
};
enum { N_PLACES = sizeof(places) / sizeof(*places) };

/* Of each two the first is in the source, the second is made by the build. */
static char *place(struct arena *a, const struct header_tree *tree, size_t i)
{
	const char *root = i % 2 ? tree->build : tree->source;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	return arena_printf(a, places[i], root, tree->arch);
#pragma GCC diagnostic pop
}

/* Whether the tree has a header. */
static bool tree_has(const struct header_tree *tree, const char *name, size_t length)
{
	struct arena a = { 0 };
	bool found = false;

	for (size_t i = 0; i < N_PLACES && !found; i++)
		found = !access(arena_printf(&a, "%s/%.*s", place(&a, tree, i), (int)length, name),
				R_OK);
	arena_free(&a);
	return found;
}

/* --- headers that only the tree has --- */

/* The name of the next #include <...> line of a text, and where to look on; NULL: no more. */
static const char *next_include(const char **at, size_t *length)
{
	static const char word[] = "include";
	const char *p = *at, *end;

	for (; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		const char *line = p + strspn(p, " \t");

		if (*line++ != '#')
			continue;
		line += strspn(line, " \t");
		if (strncmp(line, word, sizeof(word) - 1))
			continue;
		line += sizeof(word) - 1;
		line += strspn(line, " \t");
		end = line + strcspn(line, ">\n");
		if (*line != '<' || *end != '>')
			continue;
		*at = end;
		*length = (size_t)(end - line) - 1;
		return line + 1;
	}
	return NULL;
}

static bool is_listed(const struct virtual_file *files, size_t n, const char *path)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(files[i].path, path))
			return true;
	return false;
}

const struct virtual_file *headers_add_files(struct arena *a, const struct job *job,
					     const struct virtual_file *files, size_t n,
					     size_t *total)
{
	const char *at = job->text, *name;
	struct virtual_file *all;
	size_t length, more = 0;

	*total = n;
	if (!job->has_headers)
		return files;
	while (next_include(&at, &length))
		more++;
	all = arena_alloc(a, (n + more + 1) * sizeof(*all));
	memcpy(all, files, n * sizeof(*all));
	for (at = job->text; (name = next_include(&at, &length));) {
		char *path = arena_printf(a, "/virtual/include/%.*s", (int)length, name);

		if (name_ok(name, length) && !is_listed(all, *total, path) &&
		    tree_has(&job->headers, name, length))
			all[(*total)++] = (struct virtual_file){ path, "", 0 };
	}
	return all;
}

/* --- parsing --- */

static void add(struct arena *a, struct ptr_list *args, const char *arg)
{
	ptr_list_add(a, args, (void *)arg);
}

static void make_args(struct arena *a, const struct header_tree *tree, struct ptr_list *args)
{
	static const char *const fixed[] = {
		"-xc", "-std=gnu11", "-nostdinc", "-ffreestanding", "-fshort-wchar",
		"-fms-extensions", "-w", "-D__KERNEL__", "-DKBUILD_MODNAME=\"bcc\"",
		"-DKBUILD_BASENAME=\"bcc\"", "-DKBUILD_STR(s)=#s",
	};

	for (size_t i = 0; i < sizeof(fixed) / sizeof(*fixed); i++)
		add(a, args, fixed[i]);
	for (size_t i = 0; i < sizeof(targets) / sizeof(*targets); i++) {
		if (strcmp(targets[i].arch, tree->arch))
			continue;
		add(a, args, "-target");
		add(a, args, targets[i].triple);
		for (size_t j = 0; j < 2 && targets[i].flags[j]; j++)
			add(a, args, targets[i].flags[j]);
	}
	for (size_t i = 0; i < N_PLACES; i++)
		add(a, args, arena_printf(a, "-I%s", place(a, tree, i)));
	add(a, args, "-include");
	add(a, args, arena_printf(a, "%s/include/linux/kconfig.h", tree->source));
	if (tree_has(tree, "linux/compiler_types.h", strlen("linux/compiler_types.h"))) {
		add(a, args, "-include");
		add(a, args, arena_printf(a, "%s/include/linux/compiler_types.h", tree->source));
	}
}

static void include_all(struct text *out, const char *const *names)
{
	for (; names && *names; names++)
		if (name_ok(*names, strlen(*names)))
			text_printf(out, "#if __has_include(<%s>)\n#include <%s>\n#endif\n", *names,
				    *names);
}

/* --- what does not compile --- */

static void report(struct arena *a, const struct header_tree *tree, const struct host *host,
		   CXDiagnostic diag)
{
	CXString message = clang_getDiagnosticSpelling(diag), name = { 0 };
	struct job_diag d = { .severity = 2, .code = "kernel-headers" };
	CXFile file = NULL;

	clang_getExpansionLocation(clang_getDiagnosticLocation(diag), &file, &d.line, &d.column,
				   NULL);
	if (file) {
		name = clang_getFileName(file);
		d.file = arena_strdup(a, clang_getCString(name));
		clang_disposeString(name);
	}
	d.message = arena_printf(a, "the kernel headers in %s do not compile: %s", tree->build,
				 clang_getCString(message));
	d.hint = "is the tree complete and of one kernel? `make modules_prepare` completes a "
		 "configured source; a header package comes with its -common part. Without "
		 "kernel headers the types are those of the kernel's BTF";
	clang_disposeString(message);
	host->diag(host->data, &d);
}

/* The number of errors that were reported. */
static unsigned report_errors(struct arena *a, const struct header_tree *tree,
			      const struct host *host, CXTranslationUnit unit)
{
	unsigned errors = 0;

	for (unsigned i = 0; i < clang_getNumDiagnostics(unit) && errors < MAX_ERRORS; i++) {
		CXDiagnostic diag = clang_getDiagnostic(unit, i);

		if (clang_getDiagnosticSeverity(diag) >= CXDiagnostic_Error) {
			report(a, tree, host, diag);
			errors++;
		}
		clang_disposeDiagnostic(diag);
	}
	return errors;
}

static void report_failure(const struct host *host)
{
	const struct job_diag d = { .severity = 2, .code = "compiler",
				    .message = "libclang could not parse the kernel headers at all" };

	host->diag(host->data, &d);
}

int headers_read(struct arena *a, const struct header_tree *tree, char *const *includes,
		 const struct host *host)
{
	struct CXUnsavedFile files[2] = { { .Filename = "kernel-types.c" } };
	struct ptr_list args = { 0 };
	struct text text = { 0 };
	CXTranslationUnit unit = NULL;
	CXIndex index = clang_createIndex(0, 0);
	void *btf = NULL;
	size_t size;
	int err = -1;

	include_all(&text, basics);
	include_all(&text, (const char *const *)includes);
	files[0].Contents = text.data;
	files[0].Length = text.size;
	files[1].Filename = arena_printf(a, "%s/include/stdarg.h", tree->source);
	files[1].Contents = stdarg;
	files[1].Length = sizeof(stdarg) - 1;
	make_args(a, tree, &args);
	if (index && clang_parseTranslationUnit2(index, files[0].Filename,
						 (const char *const *)args.items, (int)args.count,
						 files, 2, CXTranslationUnit_SkipFunctionBodies,
						 &unit) == CXError_Success) {
		if (!report_errors(a, tree, host, unit)) {
			headers_write_btf(a, unit, &btf, &size);
			host->kernel_btf(host->data, btf, size);
			err = 0;
		}
	} else {
		report_failure(host);
	}
	if (unit)
		clang_disposeTranslationUnit(unit);
	if (index)
		clang_disposeIndex(index);
	free(btf);
	free(text_take(&text));
	return err;
}
