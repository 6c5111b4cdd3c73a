/*
 * One run of a BPF C file: compile, attach, show what comes until the end, show the tables.
 */
#ifndef BPFCC_SESSION_H
#define BPFCC_SESSION_H

#include "compile.h"

struct session_opts {
	struct compile how;
	struct words attach;   /* FUNCTION=HOOK */
	struct words linear;   /* histograms whose slots are values */
	struct words tables;   /* those to show at the end; none: all */
	char **command;        /* NULL: none */
	double duration;       /* seconds, 0: no limit */
	int pid;               /* 0: every process */
	bool json, dry_run, trace_pipe, verbose, timings;
};

/* What was attached. */
struct attached {
	struct bcc_link **iterators; /* which are read at the end */
	size_t n_iterators;
	size_t n; /* all */
};

/* Returns the exit code. */
int session_run(const struct command *cmd, struct session_opts *opts);

/* attach.c: attaches every program by its name and by opts->attach. Says one line per link, for a
 * dry run on stdout, or when verbose on stderr. Returns the exit code; *out is to be freed. */
int attach_programs(const struct command *cmd, struct bcc_module *mod,
		    const struct session_opts *opts, struct attached *out);

/* Writes what the iterators give to stdout. Returns the exit code. */
int iterators_show(struct bcc_context *ctx, const struct attached *attached);

/* timings.c: what each stage took, on stderr. */
void timings_show(const struct bcc_module *mod);

/* summary.c */

/* Options that name tables must name what is there. Returns the exit code. */
int summary_check(const struct command *cmd, struct bcc_module *mod,
		  const struct session_opts *opts);

/* Shows the tables and what was lost; first: nothing was shown before. Returns the exit code. */
int summary_show(struct bcc_module *mod, const struct session_opts *opts, bool first);

#endif
