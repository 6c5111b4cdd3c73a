/*
 * What is shown when a run is over: the tables on stdout, the count of lost records on stderr.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "session.h"
#include "show.h"

int summary_check(const struct command *cmd, struct bcc_module *mod,
		  const struct session_opts *opts)
{
	const struct words *lists[] = { &opts->tables, &opts->linear };

	for (size_t i = 0; i < sizeof(lists) / sizeof(*lists); i++) {
		for (size_t k = 0; k < lists[i]->n; k++) {
			if (!bcc_module_table(mod, lists[i]->v[k]))
				return ui_usage(cmd, "there is no table '%s'", lists[i]->v[k]);
		}
	}
	return EXIT_OK;
}

static bool is_shown(const struct session_opts *opts, const struct bcc_table *table)
{
	return table_has_entries(table) &&
	       (!opts->tables.n || words_have(&opts->tables, bcc_table_name(table)));
}

static int show_tables(struct bcc_module *mod, const struct session_opts *opts, bool first)
{
	struct bcc_table *table = NULL;
	int err;

	while ((table = bcc_module_next_table(mod, table))) {
		struct table_style style = {
			.json = opts->json,
			.linear = words_have(&opts->linear, bcc_table_name(table)),
		};

		if (!is_shown(opts, table))
			continue;
		if (!first && !style.json)
			putchar('\n');
		first = false;
		err = show_table(table, &style);
		if (err < 0)
			return ui_failure(bcc_module_context(mod), err);
	}
	return EXIT_OK;
}

static void report_lost(struct bcc_module *mod)
{
	struct bcc_table *table = NULL;
	uint64_t lost;

	while ((table = bcc_module_next_table(mod, table))) {
		lost = table_has_events(table) ? bcc_table_lost(table) : 0;
		if (lost)
			ui_warning("%s: %" PRIu64 " records were lost", bcc_table_name(table),
				   lost);
	}
}

int summary_show(struct bcc_module *mod, const struct session_opts *opts, bool first)
{
	int code = show_tables(mod, opts, first);

	report_lost(mod);
	return code;
}
