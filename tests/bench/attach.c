/* attach FILE.c: compiles, opens its event tables, attaches all of it, and reports. */
#include <bcc/bcc.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"

static int on_event(void *user, struct bcc_table *table, int cpu, const void *data, size_t size)
{
	(void)user, (void)table, (void)cpu, (void)data, (void)size;
	return 0;
}

static int start(struct bcc_context *ctx, const char *path)
{
	struct bcc_table *table = NULL;
	struct bcc_module *mod;
	int err = bcc_module_create_from_file(ctx, path, NULL, &mod);

	while (!err && (table = bcc_module_next_table(mod, table))) {
		if (!strcmp(bcc_table_kind(table), "perf_output"))
			err = bcc_table_open_events(table, on_event, NULL);
	}
	if (!err)
		err = bcc_module_attach_all(mod);
	return err < 0 ? err : 0;
}

int main(int argc, char **argv)
{
	struct bcc_context *ctx;
	char *why;
	int err;

	if (argc != 2 || bcc_context_create(NULL, &ctx))
		return 2;
	err = start(ctx, argv[1]);
	if (!err) {
		err = clock_report(getpid());
	} else {
		why = bcc_context_diags_dup(ctx);
		fputs(why ? why : bcc_strerror(err), stderr);
		bcc_free(why);
	}
	bcc_context_destroy(ctx);
	return err ? 1 : 0;
}
