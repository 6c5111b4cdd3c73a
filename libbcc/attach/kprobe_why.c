/*
 * Functions that cannot be probed under their name, and why: what the compiler made of them
 * (/proc/kallsyms), that they were inlined (types without a symbol), what the kernel keeps free of
 * probes (kprobes/blacklist), and what is built without tracing (available_filter_functions).
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attach/kprobe.h"

#define BLACKLIST "/sys/kernel/debug/kprobes/blacklist"

/* Whether "function.isra.0" is all of it, or only a part. */
enum variant { NOT_OF_IT, WHOLE, PART };

static enum variant variant(const char *function, const char *symbol)
{
	static const struct {
		const char *suffix;
		enum variant what;
	} rows[] = {
		{ ".isra.", WHOLE }, { ".constprop.", WHOLE }, { ".llvm.", WHOLE },
		{ ".part.", PART },  { ".cold", PART },
	};
	size_t n = strlen(function);
	enum variant found = NOT_OF_IT;

	if (strncmp(symbol, function, n) || symbol[n] != '.')
		return NOT_OF_IT;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (strstr(symbol + n, rows[i].suffix))
			found = rows[i].what; /* a part of a whole is a part */
	return found;
}

static int add(struct glob_names *out, const char *name)
{
	char **grown = reallocarray(out->list, out->n + 1, sizeof(*grown));

	if (!grown)
		return -ENOMEM;
	out->list = grown;
	out->list[out->n] = strdup(name);
	if (!out->list[out->n])
		return -ENOMEM;
	out->n++;
	return 0;
}

/* Of kallsyms: the wholes and the parts of a function, and whether it is there itself. */
static int read_symbols(const char *function, struct glob_names *whole, struct glob_names *part,
			bool *itself)
{
	FILE *f = fopen("/proc/kallsyms", "re");
	char line[640], type, name[512];
	int err = f ? 0 : -errno;

	*itself = false;
	while (!err && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "%*s %c %511s", &type, name) != 2 || !strchr("tTwW", type))
			continue;
		*itself |= !strcmp(name, function);
		switch (variant(function, name)) {
		case WHOLE:
			err = add(whole, name);
			break;
		case PART:
			err = add(part, name);
			break;
		case NOT_OF_IT:
			break;
		}
	}
	if (f)
		fclose(f);
	return err;
}

int kprobe_variants(const char *function, struct glob_names *out)
{
	struct glob_names part = { 0 };
	bool itself;
	int err;

	*out = (struct glob_names){ 0 };
	err = read_symbols(function, out, &part, &itself);
	glob_free(&part);
	if (err)
		glob_free(out);
	return err;
}

bool kprobe_has_symbol(const char *function)
{
	struct glob_names whole = { 0 }, part = { 0 };
	bool itself;
	int err = read_symbols(function, &whole, &part, &itself);

	glob_free(&whole);
	glob_free(&part);
	return !err && itself;
}

/* Whether a line of a file has this word, behind the last tab or before the first blank. */
static bool file_has(const char *path, const char *word, bool behind_tab)
{
	FILE *f = fopen(path, "re");
	char line[640], *name;
	bool found = false;

	while (f && !found && fgets(line, sizeof(line), f)) {
		name = behind_tab ? strrchr(line, '\t') : NULL;
		name = name ? name + 1 : line;
		name[strcspn(name, " \n")] = '\0';
		found = !strcmp(name, word);
	}
	if (f)
		fclose(f);
	return found;
}

static int forbidden(struct hook *h, struct kernel *k, const char *function, int err)
{
	char path[512] = "", hint[700];

	if (kernel_tracefs(k))
		snprintf(path, sizeof(path), "%s/available_filter_functions", kernel_tracefs(k));
	if (h->number && h->kind == &hook_kprobe)
		return hook_failed(h, err, "the offset must be that of an instruction");
	if (file_has(BLACKLIST, function, true))
		return diag_fail_hint(h->ctx, BCC_ERR_KERNEL, "no-probe",
				      "probe a function that calls it, or use a tracepoint",
				      "the kernel allows no probe on '%s': it is in " BLACKLIST,
				      function);
	if (*path && !file_has(path, "vfs_read", false)) /* closed, or empty: it says nothing */
		path[0] = '\0';
	if (*path && !file_has(path, function, false)) {
		snprintf(hint, sizeof(hint), "what can be traced is in %s", path);
		return diag_fail_hint(h->ctx, BCC_ERR_KERNEL, "no-probe", hint,
				      "'%s' cannot be probed: it is built without tracing (notrace)",
				      function);
	}
	return hook_failed(h, err, "the kernel allows no probe on this function; see " BLACKLIST);
}

static int inlined(struct hook *h, struct kernel *k, const char *function)
{
	char *near = kernel_near(k, KERNEL_FUNCTIONS, function, 4);
	struct bcc_diag *diag = diag_add(h->ctx, BCC_ERROR, "no-hook",
					 "'%s' cannot be probed: this build of the kernel has it inlined "
					 "everywhere", function);

	diag_hint(diag, "probe a function that calls it%s%s", near && *near ? "; similar names: " : "",
		  near ? near : "");
	diag_done(h->ctx, diag);
	free(near);
	return BCC_ERR_NO_HOOK;
}

int kprobe_impossible(struct hook *h, const char *function, int err)
{
	struct glob_names whole = { 0 }, part = { 0 };
	struct kernel *k;
	bool itself = false, typed;

	if (context_kernel(h->ctx, &k) || read_symbols(function, &whole, &part, &itself)) {
		err = hook_failed(h, err, NULL);
		goto out;
	}
	typed = kernel_has_function(k, function);
	if (itself) {
		err = forbidden(h, k, function, err);
	} else if (part.n) {
		err = diag_fail_hint(h->ctx, BCC_ERR_NO_HOOK, "no-hook",
				     "probe a function that calls it; a part runs only in some cases",
				     "'%s' cannot be probed: this build of the kernel has only parts of "
				     "it on their own, such as %s", function, part.list[0]);
	} else if (typed) {
		err = inlined(h, k, function);
	} else {
		err = hook_missing(h);
	}
out:
	glob_free(&whole);
	glob_free(&part);
	return err;
}
