/*
 * Which program goes where: --attach FUNCTION=HOOK first, then what the program's own name or
 * section says. A program that neither names is left alone, with a warning.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "session.h"

static bool is_for(const char *spec, const char *function)
{
	size_t length = strlen(function);

	return !strncmp(spec, function, length) && spec[length] == '=';
}

/* The program that an --attach names. NULL after having said why; *code is then set. */
static struct bcc_program *named_program(const struct command *cmd, struct bcc_module *mod,
					 const char *spec, int *code)
{
	struct bcc_program *prog = NULL;
	const char *near = NULL;
	char *function;

	if (!strchr(spec, '=') || *spec == '=' || spec[strlen(spec) - 1] == '=') {
		*code = ui_usage(cmd, "--attach '%s' is not FUNCTION=HOOK", spec);
		return NULL;
	}
	function = strndup(spec, strcspn(spec, "="));
	if (!function) {
		ui_error("out of memory");
		*code = EXIT_RUNTIME;
		return NULL;
	}
	while ((prog = bcc_module_next_program(mod, prog))) {
		if (!strcmp(bcc_program_name(prog), function))
			break;
		if (!near && near_enough(function, bcc_program_name(prog)))
			near = bcc_program_name(prog);
	}
	if (!prog) {
		*code = ui_usage(cmd, "--attach: there is no program '%s'%s%s%s", function,
				 near ? ", did you mean '" : "", near ? near : "",
				 near ? "'" : "");
	}
	free(function);
	return prog;
}

/* Where a program is; when asked to be verbose, also why by this mechanism, and the link's id. */
static void say_attached(struct bcc_program *prog, struct bcc_link *link,
			 const struct session_opts *opts)
{
	FILE *out = opts->dry_run ? stdout : stderr;
	BCC_OPTS(bcc_link_info, info);

	fprintf(out, "%s: attached to %s (%s", bcc_program_name(prog), bcc_link_hook(link),
		bcc_link_mechanism(link));
	if (opts->verbose && !bcc_link_describe(link, &info)) {
		fprintf(out, ": %s", info.why);
		if (info.id)
			fprintf(out, "; link %u", info.id);
	}
	fprintf(out, ")\n");
}

static bool add(struct attached *out, struct bcc_link *link)
{
	const char *hook = bcc_link_hook(link);
	struct bcc_link **grown;

	out->n++;
	if (strncmp(hook, "iter:", 5) && strncmp(hook, "iter.s:", 7))
		return true;
	grown = realloc(out->iterators, (out->n_iterators + 1) * sizeof(*grown));
	if (!grown)
		return false;
	out->iterators = grown;
	out->iterators[out->n_iterators++] = link;
	return true;
}

static int attach_one(struct bcc_program *prog, const char *hook, const struct session_opts *opts,
		      struct attached *out)
{
	struct bcc_context *ctx = bcc_module_context(bcc_program_module(prog));
	BCC_OPTS(bcc_attach_opts, attach, .pid = opts->pid);
	struct bcc_link *link;
	int err = bcc_program_attach(prog, hook, &attach, &link);

	if (err < 0)
		return err == -EINVAL ? ui_failure(ctx, err), EXIT_USAGE : ui_failure(ctx, err);
	ui_diags(ctx);
	if (opts->dry_run || opts->verbose)
		say_attached(prog, link, opts);
	if (add(out, link))
		return EXIT_OK;
	ui_error("out of memory");
	return EXIT_RUNTIME;
}

/* One iterator, to stdout. */
static int show(struct bcc_context *ctx, struct bcc_link *link)
{
	int fd = bcc_link_iter_fd(link);
	char bytes[8192];
	ssize_t n;

	if (fd < 0)
		return ui_failure(ctx, fd);
	do {
		n = read(fd, bytes, sizeof(bytes));
		if (n > 0)
			fwrite(bytes, 1, (size_t)n, stdout); /* ui_finish() sees errors */
	} while (n > 0 || (n < 0 && (errno == EINTR || errno == EAGAIN)));
	if (n < 0)
		ui_error("cannot read %s: %s", bcc_link_hook(link), strerror(errno));
	close(fd);
	return n < 0 ? EXIT_RUNTIME : EXIT_OK;
}

int iterators_show(struct bcc_context *ctx, const struct attached *attached)
{
	int code = EXIT_OK;

	for (size_t i = 0; i < attached->n_iterators && !code; i++)
		code = show(ctx, attached->iterators[i]);
	return code;
}

/* --attach has a hook for it. */
static bool is_placed(const struct bcc_program *prog, const struct session_opts *opts)
{
	for (size_t i = 0; i < opts->attach.n; i++)
		if (is_for(opts->attach.v[i], bcc_program_name(prog)))
			return true;
	return false;
}

/* What is in use without a hook of its own (the other programs of a struct_ops) is loaded by now. */
static void warn_idle(struct bcc_module *mod, const struct session_opts *opts)
{
	struct bcc_program *prog = NULL;

	while ((prog = bcc_module_next_program(mod, prog)))
		if (!bcc_program_hook(prog) && !is_placed(prog, opts) && bcc_program_fd(prog) < 0)
			ui_warning("program '%s' names no hook and is not attached; use --attach "
				   "%s=HOOK", bcc_program_name(prog), bcc_program_name(prog));
}

int attach_programs(const struct command *cmd, struct bcc_module *mod,
		    const struct session_opts *opts, struct attached *out)
{
	struct bcc_program *prog = NULL;
	int code = EXIT_OK;

	for (size_t i = 0; i < opts->attach.n; i++) {
		const char *spec = opts->attach.v[i];

		prog = named_program(cmd, mod, spec, &code);
		if (prog)
			code = attach_one(prog, strchr(spec, '=') + 1, opts, out);
		if (code)
			return code;
	}
	prog = NULL;
	while ((prog = bcc_module_next_program(mod, prog))) {
		if (!bcc_program_hook(prog) || is_placed(prog, opts))
			continue;
		code = attach_one(prog, NULL, opts, out);
		if (code)
			return code;
	}
	warn_idle(mod, opts);
	if (out->n)
		return EXIT_OK;
	ui_error("%s has no program that is attached to anything", source_name(opts->how.path));
	return EXIT_RUNTIME;
}
