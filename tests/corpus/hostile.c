/*
 * Texts that nobody should write. Each is given to bcc_rewrite() and bcc_module_create() in a
 * process of its own, which must end by itself, in time, within memory, without a descriptor or a
 * child left over; whether with an error or not is told where it matters. What is small stands in
 * hostile/NAME.c (first line "// error", "// any" or "// ok"); what is large is made here.
 * A last group asks for files that are none of the text's business: no diagnostic and no output may
 * show them.
 *
 *   hostile DIRECTORY [NAME...]
 */
#include <bcc/bcc.h>
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* For three compilations, each of which may take 20 seconds of CPU time. What takes that long is
 * stopped by the compiler itself. */
#define MAX_SECONDS 70
#define MAX_KBYTES (4 << 20)
#define SECRET "c0rpus_s3cret_w0rd"

enum expected { ERROR, ANY, ACCEPTED };
enum {
	EXIT_FINE, EXIT_ACCEPTED, EXIT_REFUSED, EXIT_SILENT, EXIT_DESCRIPTOR, EXIT_SECRET,
	EXIT_SETUP, EXITS
};

static const char *const exits[] = {
	"", "it is accepted", "it is refused", "an error without a diagnostic",
	"a descriptor is left over", "the secret is shown", "the test cannot be set up",
};

struct hostile {
	const char *name;
	enum expected expected;
	void (*write)(FILE *f);
};

/* --- large texts --- */

static void repeat(FILE *f, const char *words, unsigned times)
{
	while (times--)
		fputs(words, f);
}

static void expression(FILE *f, const char *before, const char *middle, const char *after,
		       unsigned depth)
{
	fputs("struct n { struct n *n; int v; };\n"
	      "int kprobe__a(struct pt_regs *ctx, struct n *p)\n{\n\treturn ", f);
	repeat(f, before, depth);
	fputs(middle, f);
	repeat(f, after, depth);
	fputs(";\n}\n", f);
}

static void parentheses(FILE *f) { expression(f, "(", "p->v", ")", 100000); }
static void open_parentheses(FILE *f) { expression(f, "(", "p->v", "", 1000000); }
static void unary(FILE *f) { expression(f, "- ", "p->v", "", 100000); }
static void stars(FILE *f) { expression(f, "*", "p", "", 100000); }
static void casts(FILE *f) { expression(f, "(long)", "p->v", "", 20000); }
static void chain(FILE *f) { expression(f, "", "p", "->n", 5000); }
static void subscripts(FILE *f) { expression(f, "", "p", "[0]", 5000); }
static void sum(FILE *f) { expression(f, "", "1", " + p->v", 5000); }
static void long_sum(FILE *f) { expression(f, "", "1", " + p->v", 50000); }
static void ternaries(FILE *f) { expression(f, "p->v ? 1 : ", "2", "", 5000); }
static void statements(FILE *f) { expression(f, "({ ", "p->v", "; })", 300); }

static void else_ifs(FILE *f, unsigned links)
{
	fputs("int kprobe__a(struct pt_regs *ctx, int n)\n{\n\tif (n == 1)\n\t\treturn 1;\n", f);
	for (unsigned i = 0; i < links; i++)
		fprintf(f, "\telse if (n == %u)\n\t\treturn %u;\n", i * 7, i);
	fputs("\treturn 0;\n}\n", f);
}

static void else_if_chain(FILE *f) { else_ifs(f, 1000); }
static void long_else_if_chain(FILE *f) { else_ifs(f, 100000); }

static void braces(FILE *f)
{
	fputs("int kprobe__a(void *ctx)\n{\n", f);
	repeat(f, "{", 100000);
	repeat(f, "}", 100000);
	fputs("return 0;\n}\n", f);
}

static void long_line(FILE *f)
{
	fputs("int kprobe__a(void *ctx) { int a = 0; ", f);
	repeat(f, "a += 1;                                                          ", 1 << 14);
	fputs("return a; }", f);
}

static void long_name(FILE *f)
{
	fputs("BPF_HASH(", f);
	repeat(f, "a", 1 << 20);
	fputs(");\nint kprobe__a(void *ctx) { return 0; }\n", f);
}

static void long_string(FILE *f)
{
	fputs("int kprobe__a(void *ctx)\n{\n\tbpf_trace_printk(\"", f);
	repeat(f, "x", 1 << 20);
	fputs("\");\n\treturn 0;\n}\n", f);
}

static void unterminated(FILE *f, const char *opening)
{
	fputs("int kprobe__a(void *ctx) { return ", f);
	fputs(opening, f);
	repeat(f, "x y z\n", 100000);
}

static void unterminated_comment(FILE *f) { unterminated(f, "0; /* "); }
static void unterminated_string(FILE *f) { unterminated(f, "\""); }
static void unterminated_raw(FILE *f) { unterminated(f, "R\"a("); }

/* Each macro is the one before, twice; with nothing inside no text ever comes out. */
static void bomb(FILE *f, const char *core, unsigned levels)
{
	fprintf(f, "#define A0 %s\n", core);
	for (unsigned i = 1; i < levels; i++)
		fprintf(f, "#define A%u A%u A%u\n", i, i - 1, i - 1);
	fprintf(f, "int kprobe__a(void *ctx) { int a = 0; A%u return a; }\n", levels - 1);
}

static void macro_bomb(FILE *f) { bomb(f, "a += 1;", 40); }
static void empty_bomb(FILE *f) { bomb(f, "", 60); }

static void argument_bomb(FILE *f)
{
	fputs("#define F(x) x x\n#define G(x) F(F(F(F(F(F(F(F(x))))))))\n"
	      "int kprobe__a(void *ctx) { int a = 0; G(G(G(a++;))) return a; }\n", f);
}

static void many_macros(FILE *f)
{
	for (unsigned i = 0; i < 100000; i++)
		fprintf(f, "#define M%u M%u\n", i, i + 1);
	fputs("int kprobe__a(void *ctx) { return sizeof(M0); }\n", f);
}

static void deep_conditions(FILE *f)
{
	repeat(f, "#if 1\n", 100000);
	fputs("int kprobe__a(void *ctx) { return 0; }\n", f);
}

static void random_bytes(FILE *f)
{
	unsigned long long x = 88172645463325252ULL;

	for (unsigned i = 0; i < 1 << 18; i++) {
		x ^= x << 13, x ^= x >> 7, x ^= x << 17;
		fputc(x ? (int)(x & 0xff) : 1, f);
	}
}

/* Words of the dialect in any order. */
static void random_words(FILE *f)
{
	static const char *const words[] = {
		"BPF_HASH", "(", ")", "{", "}", "struct", "task_struct", "*", "p", "->", "pid", ";",
		"int", "kprobe__a", "pt_regs", ",", "TRACEPOINT_PROBE", "sched", "lookup", ".", "&",
		"\n#define x", "x", "\n", "increment", "h", "=", "if", "else", "for", "1", "[", "]",
	};
	unsigned long long x = 4101842887655102017ULL;

	for (unsigned i = 0; i < 50000; i++) {
		x ^= x << 13, x ^= x >> 7, x ^= x << 17;
		fprintf(f, "%s ", words[(x >> 20) % (sizeof(words) / sizeof(*words))]);
	}
}

static void many_tables(FILE *f)
{
	for (unsigned i = 0; i < 3000; i++)
		fprintf(f, "BPF_HASH(t%u, u32, u64, 1);\n", i);
	fputs("#error enough\n", f); /* they need not be made */
}

static void many_programs(FILE *f)
{
	for (unsigned i = 0; i < 3000; i++)
		fprintf(f, "int kprobe__f%u(struct pt_regs *ctx, struct task_struct *t)\n"
			   "{ return t->real_parent->tgid; }\n", i);
	fputs("BPF_HASH(no_such, struct nothing_known);\n", f);
}

static void many_calls(FILE *f)
{
	fputs("static int f0(struct task_struct *t) { return t->pid; }\n", f);
	for (unsigned i = 1; i < 1000; i++)
		fprintf(f, "static int f%u(struct task_struct *t) { return f%u(t) + f%u(t); }\n",
			i, i - 1, i / 2);
	fputs("int kprobe__a(struct pt_regs *ctx, struct task_struct *t) { return f40(t); }\n", f);
}

static void nested_structs(FILE *f)
{
	repeat(f, "struct { ", 5000);
	fputs("int a;", f);
	repeat(f, "} a;", 5000);
	fputs("\nint kprobe__a(void *ctx) { return 0; }\n", f);
}

static void long_array(FILE *f)
{
	fputs("struct big { char c[1ULL << 40]; };\nBPF_HASH(h, int, struct big);\n"
	      "int kprobe__a(void *ctx) { return 0; }\n", f);
}

static const struct hostile made[] = {
	{ "parentheses", ERROR, parentheses },
	{ "open_parentheses", ERROR, open_parentheses },
	{ "unary", ERROR, unary },
	{ "stars", ERROR, stars },
	{ "casts", ANY, casts },
	{ "chain", ERROR, chain },
	{ "subscripts", ANY, subscripts },
	{ "sum", ANY, sum },
	{ "long_sum", ERROR, long_sum },
	{ "else_if_chain", ACCEPTED, else_if_chain },
	{ "long_else_if_chain", ERROR, long_else_if_chain },
	{ "ternaries", ANY, ternaries },
	{ "statements", ANY, statements },
	{ "braces", ERROR, braces },
	{ "long_line", ANY, long_line },
	{ "long_name", ANY, long_name },
	{ "long_string", ANY, long_string },
	{ "unterminated_comment", ERROR, unterminated_comment },
	{ "unterminated_string", ERROR, unterminated_string },
	{ "unterminated_raw", ERROR, unterminated_raw },
	{ "macro_bomb", ERROR, macro_bomb },
	{ "empty_bomb", ERROR, empty_bomb },
	{ "argument_bomb", ERROR, argument_bomb },
	{ "many_macros", ANY, many_macros },
	{ "deep_conditions", ERROR, deep_conditions },
	{ "random_bytes", ERROR, random_bytes },
	{ "random_words", ERROR, random_words },
	{ "many_tables", ERROR, many_tables },
	{ "many_programs", ERROR, many_programs },
	{ "many_calls", ANY, many_calls },
	{ "nested_structs", ANY, nested_structs },
	{ "long_array", ERROR, long_array },
};

/* --- files that are none of the text's business: %s is the path of one that holds SECRET --- */

static const char *const curious[] = {
	"#include \"%s\"\n",
	"#include <%s>\n",
	"#define WHERE \"%s\"\n#include WHERE\n",
	"#include \"../../../../../../../../../..%s\"\n",
	"#import \"%s\"\n",
	"#include_next \"%s\"\n",
	"#include \"link.h\"\n",
	"#include \"sub/../link.h\"\n",
	"char c[] = {\n#embed \"%s\"\n};\n",
	"#line 1 \"%s\"\nint f(void *ctx) { return nothing_of_this_name; }\n",
	"asm(\".incbin \\\"%s\\\"\");\n",
	"asm(\".include \\\"%s\\\"\");\n",
	"asm(\".inc\" \"lude \\\"%s\\\"\");\n",
	"int kprobe__b(void *ctx) { asm volatile(\".incbin \\\"%s\\\"\"); return 0; }\n",
	"int kprobe__b(void *ctx) { asm volatile(\"r0=0; \\x2eInCbIn \\\"%s\\\"\"); return 0; }\n",
	"int kprobe__b(void *ctx) { asm volatile(\"{.incbin \\\"%s\\\"|}\"); return 0; }\n",
	"int kprobe__b(void *ctx) { asm volatile(\"a: /**/ .include \\\"%s\\\"\"); return 0; }\n",
	"asm(\".macro m x\\n.\\\\x \\\"%s\\\"\\n.endm\\nm incbin\");\n",
	"#pragma GCC dependency \"%s\"\n#include \"%s\"\n",
	"#pragma clang module load \"%s\"\n",
	"#include \"/dev/zero\"\n",
	"#include \"/dev/stdin\"\n",
	"#include \"fifo.h\"\n",
	"#include \"/proc/self/environ\"\n",
	"#include \"/proc/kcore\"\n",
	"#include \".\"\n",
	"#include \"\"\n",
	"#define HASH #\nHASH include \"%s\"\n",
	"#define EMPTY\nEMPTY # include \"%s\"\n",
	"_Pragma(\"GCC dependency \\\"%s\\\"\")\n#error here\n",
	"#pragma clang diagnostic ignored \"-Wall\\n#include \\\"%s\\\"\\n\"\n#error here\n",
	"_Pragma(\"clang diagnostic ignored \\\"-Wall\\\"\\n#include \\\"%s\\\"\")\n#error here\n",
	"#pragma unknown \\\n# include \"%s\"\n#error here\n",
	"%%:define HASH %%:\nHASH include \"%s\"\n",
	"int /* */ x = 1 \\\n; HASH(\n#include \"%s\"\n)\n",
	"#include __FILE__\n",
	"#include \"main.c\"\n",
};

/* --- one text in a process of its own --- */

static int descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	while (dir && readdir(dir))
		n++;
	closedir(dir);
	return n;
}

static bool shows_secret(const char *text, size_t size)
{
	return text && memmem(text, size, SECRET, strlen(SECRET));
}

/* What a child says of its text by its exit status. */
static int try_text(const char *text, const char *name, enum expected expected)
{
	BCC_OPTS(bcc_module_opts, opts, .name = name);
	struct bcc_context *ctx;
	struct bcc_module *mod;
	char *out = NULL, *diags;
	size_t size;
	int before = descriptors(), err, result = EXIT_FINE;
	bool secret = false;

	if (bcc_context_create(NULL, &ctx))
		return EXIT_SETUP;
	for (int target = BCC_TARGET_HERE; target <= BCC_TARGET_PORTABLE; target++) {
		err = bcc_rewrite(ctx, text, &opts, target, &out);
		diags = bcc_context_diags_dup(ctx);
		secret |= !err && shows_secret(out, strlen(out));
		secret |= shows_secret(diags, strlen(diags));
		if (err && !*diags)
			result = EXIT_SILENT;
		if (!err)
			bcc_free(out);
		bcc_free(diags);
		if (err) /* the other target would fail in the same place, as slowly */
			break;
	}
	err = bcc_module_create(ctx, text, &opts, &mod);
	diags = bcc_context_diags_dup(ctx);
	secret |= shows_secret(diags, strlen(diags));
	if (err && !*diags)
		result = EXIT_SILENT;
	if (expected == ACCEPTED && err && err != BCC_ERR_PRIVILEGE)
		result = EXIT_REFUSED;
	if (!err) {
		const char *object = bcc_module_object(mod, &size);

		secret |= shows_secret(object, size);
		if (expected == ERROR)
			result = EXIT_ACCEPTED;
	}
	if (getenv("HOSTILE_SHOW"))
		fprintf(stderr, "%.2000s", diags);
	bcc_free(diags);
	bcc_context_destroy(ctx);
	if (descriptors() != before)
		result = EXIT_DESCRIPTOR;
	return secret ? EXIT_SECRET : result;
}

/* Runs one text; says what is wrong, NULL when nothing is. */
static const char *judge(const char *text, const char *name, enum expected expected,
			 struct rusage *usage, double *seconds)
{
	struct timespec begin, end;
	int status = 0;
	pid_t pid;

	fflush(stdout);
	clock_gettime(CLOCK_MONOTONIC, &begin);
	pid = fork();
	if (!pid) {
		alarm(MAX_SECONDS + 10);
		_exit(try_text(text, name, expected));
	}
	if (pid < 0 || wait4(pid, &status, 0, usage) != pid)
		return "no process";
	clock_gettime(CLOCK_MONOTONIC, &end);
	*seconds = (double)(end.tv_sec - begin.tv_sec) +
		   (double)(end.tv_nsec - begin.tv_nsec) / 1e9;
	/* Whatever it left behind has become our child (PR_SET_CHILD_SUBREAPER). */
	if (waitpid(-1, NULL, WNOHANG) >= 0)
		return "a child is left over";
	if (WIFSIGNALED(status))
		return strsignal(WTERMSIG(status));
	if (WEXITSTATUS(status) >= EXITS)
		return "an unknown exit status";
	if (WEXITSTATUS(status))
		return exits[WEXITSTATUS(status)];
	if (*seconds > MAX_SECONDS)
		return "it takes too long";
	return usage->ru_maxrss > MAX_KBYTES ? "it takes too much memory" : NULL;
}

static unsigned report(const char *name, const char *text, const char *file,
		       enum expected expected)
{
	struct rusage usage = { 0 };
	double seconds = 0;
	const char *wrong = judge(text, file, expected, &usage, &seconds);

	printf("%s: %s%s%s (%.2f s, %ld MB)\n", wrong ? "not ok" : "ok", name, wrong ? ": " : "",
	       wrong ? wrong : "", seconds, usage.ru_maxrss >> 10);
	return wrong != NULL;
}

static bool chosen(const char *name, char **names)
{
	if (!*names)
		return true;
	for (; *names; names++)
		if (!strcmp(*names, name))
			return true;
	return false;
}

static unsigned try_made(char **names, unsigned *total)
{
	unsigned failed = 0;

	for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++) {
		char *text = NULL;
		size_t size;
		FILE *f;

		if (!chosen(made[i].name, names))
			continue;
		f = open_memstream(&text, &size);
		made[i].write(f);
		fclose(f);
		failed += report(made[i].name, text, "main.c", made[i].expected);
		free(text);
		(*total)++;
	}
	return failed;
}

static unsigned try_files(const char *directory, char **names, unsigned *total)
{
	struct dirent **entries;
	int n = scandir(directory, &entries, NULL, alphasort);
	unsigned failed = 0;

	for (int i = 0; i < n; i++) {
		const char *name = entries[i]->d_name, *dot = strrchr(name, '.');
		char path[4096], *text = NULL;
		size_t size = 0;
		FILE *f;

		snprintf(path, sizeof(path), "%s/%s", directory, name);
		f = dot && !strcmp(dot, ".c") && chosen(name, names) ? fopen(path, "re") : NULL;
		if (f && getdelim(&text, &size, '\0', f) > 0) {
			failed += report(name, text, path,
					 !strncmp(text, "// any", 6) ? ANY :
					 !strncmp(text, "// ok", 5) ? ACCEPTED : ERROR);
			(*total)++;
		}
		if (f)
			fclose(f);
		free(text);
		free(entries[i]);
	}
	if (n >= 0)
		free(entries);
	return failed;
}

/* The secret, and a directory for the text that holds a link to it and a pipe nobody writes to. */
static unsigned try_curious(char **names, unsigned *total)
{
	char top[] = "/tmp/bcc-hostile-XXXXXX", secret[64], own[64], path[96], text[4096];
	unsigned failed = 0;
	FILE *f;

	if (!chosen("curious", names))
		return 0;
	if (!mkdtemp(top))
		return 1;
	snprintf(secret, sizeof(secret), "%s/secret", top);
	snprintf(own, sizeof(own), "%s/own", top);
	f = fopen(secret, "we");
	fputs(SECRET " is no C\n", f);
	fclose(f);
	mkdir(own, 0700);
	snprintf(path, sizeof(path), "%s/sub", own);
	mkdir(path, 0700);
	snprintf(path, sizeof(path), "%s/link.h", own);
	symlink(secret, path);
	snprintf(path, sizeof(path), "%s/fifo.h", own);
	mkfifo(path, 0600);
	snprintf(path, sizeof(path), "%s/main.c", own);
	for (size_t i = 0; i < sizeof(curious) / sizeof(*curious); i++) {
		char label[32];

		snprintf(text, sizeof(text), curious[i], secret, secret);
		strcat(text, "int kprobe__a(void *ctx) { return 0; }\n");
		snprintf(label, sizeof(label), "curious %zu", i);
		failed += report(label, text, path, ERROR);
		(*total)++;
	}
	snprintf(text, sizeof(text), "%s/link.h", own);
	unlink(text);
	snprintf(text, sizeof(text), "%s/fifo.h", own);
	unlink(text);
	snprintf(text, sizeof(text), "%s/sub", own);
	rmdir(text);
	rmdir(own);
	unlink(secret);
	rmdir(top);
	return failed;
}

int main(int argc, char **argv)
{
	unsigned failed, total = 0;

	if (argc < 2) {
		fprintf(stderr, "usage: hostile DIRECTORY [NAME...]\n");
		return 2;
	}
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	failed = try_made(argv + 2, &total);
	failed += try_files(argv[1], argv + 2, &total);
	failed += try_curious(argv + 2, &total);
	printf("%u texts, %u failed\n", total, failed);
	return failed || !total;
}
