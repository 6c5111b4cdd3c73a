/*
 * Golden pairs of the rewriter: each cases/NAME.c is rewritten and compared with cases/NAME.expected,
 * byte for byte. The kernel's types come from a fixture, so the result is the same on any machine.
 *
 *   golden CASES KERNEL.o TRACEFS            compare all
 *   golden --update CASES KERNEL.o TRACEFS   write what comes out as expected: read the diff then
 *
 * A case's first line may choose: "// portable" (CO-RE form; the default is this kernel's layout),
 * "// retarget PROGRAM=HOOK" (compiled for another hook, see libbcc/compile/compile.h).
 * When the text is refused, the diagnostics are what is compared.
 */
#include <bcc/bcc.h>
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "compile/compile.h"
#include "context/diag.h"

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

static int write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");

	if (!f || fputs(text, f) < 0 || fclose(f) == EOF) {
		perror(path);
		return -1;
	}
	return 0;
}

/* What the library asks for when the kernel does not take the program as it is written. */
static int rewrite_for(struct bcc_context *ctx, const char *name, const char *text, char **out)
{
	char *retarget = strndup(text + 12, strcspn(text + 12, "\n"));
	const char *const retargets[] = { retarget, NULL };
	const struct compile_request rq = {
		.text = text,
		.text_size = strlen(text),
		.name = name,
		.only_rewrite = true,
		.retarget = retargets,
	};
	struct compile_result res = { 0 };
	int err;

	diag_clear(ctx); /* as each call of the public interface does */
	err = compile_run(ctx, &rq, &res);
	free(retarget);
	*out = res.rewritten;
	return err;
}

/* The rewritten text, and the diagnostics (also of a text that is accepted) behind it. */
static char *rewrite_case(struct bcc_context *ctx, const char *name, const char *text)
{
	enum bcc_target target = strncmp(text, "// portable", 11) ? BCC_TARGET_HERE
								  : BCC_TARGET_PORTABLE;
	BCC_OPTS(bcc_module_opts, opts, .name = name);
	char *out = NULL, *diags, *all = NULL;
	int err = strncmp(text, "// retarget ", 12) ? bcc_rewrite(ctx, text, &opts, target, &out) :
						      rewrite_for(ctx, name, text, &out);

	diags = bcc_context_diags_dup(ctx);
	if (asprintf(&all, "%s%s%s", out ? out : "", diags && *diags ? "--- diagnostics ---\n" : "",
		     diags ? diags : "") < 0)
		all = NULL;
	if (!err && !out)
		fprintf(stderr, "%s: no text and no error\n", name);
	bcc_free(out);
	bcc_free(diags);
	return all;
}

static int show_difference(const char *name, const char *expected, const char *got)
{
	unsigned line = 1;

	while (*expected && *expected == *got) {
		line += *expected == '\n';
		expected++;
		got++;
	}
	fprintf(stderr, "not ok: %s differs at line %u\n  expected: %.*s\n  got:      %.*s\n", name,
		line, (int)strcspn(expected, "\n"), expected, (int)strcspn(got, "\n"), got);
	return -1;
}

static int run_case(struct bcc_context *ctx, const char *dir, const char *file, bool update)
{
	char path[4096], expected_path[4096];
	char *text, *got = NULL, *expected = NULL;
	int err = -1;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	snprintf(expected_path, sizeof(expected_path), "%s/%.*s.expected", dir,
		 (int)strlen(file) - 2, file);
	text = read_file(path);
	if (text)
		got = rewrite_case(ctx, file, text);
	if (!got) {
		fprintf(stderr, "not ok: %s cannot be read\n", path);
	} else if (update) {
		err = write_file(expected_path, got);
	} else {
		expected = read_file(expected_path);
		if (!expected)
			fprintf(stderr, "not ok: %s is missing\n", expected_path);
		else
			err = strcmp(expected, got) ? show_difference(file, expected, got) : 0;
	}
	free(text);
	free(got);
	free(expected);
	return err;
}

static int is_case(const struct dirent *entry)
{
	size_t n = strlen(entry->d_name);

	return n > 2 && !strcmp(entry->d_name + n - 2, ".c");
}

int main(int argc, char **argv)
{
	bool update = argc > 1 && !strcmp(argv[1], "--update");
	BCC_OPTS(bcc_context_opts, opts);
	struct bcc_context *ctx;
	struct dirent **cases;
	int n, failed = 0;

	if (argc != 4 + update) {
		fprintf(stderr, "usage: %s [--update] CASES KERNEL.o TRACEFS\n", argv[0]);
		return 2;
	}
	argv += update;
	opts.btf_path = argv[2];
	opts.tracefs_path = argv[3];
	if (bcc_context_create(&opts, &ctx))
		return 1;
	n = scandir(argv[1], &cases, is_case, alphasort);
	for (int i = 0; i < n; i++) {
		failed += run_case(ctx, argv[1], cases[i]->d_name, update) < 0;
		free(cases[i]);
	}
	if (n >= 0)
		free(cases);
	bcc_context_destroy(ctx);
	printf("%d cases, %d failed\n", n, failed);
	return n <= 0 || failed;
}
