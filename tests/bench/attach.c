/*
 * attach FILE.c: compiles, opens its event tables, attaches all of it, and reports. With the moment
 * also the split: "stages" and the milliseconds of each of bcc_module_timings(), as startup has them.
 */
#include <bcc/bcc.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"

static int on_event(void *user, struct bcc_table *table, int cpu, const void *data, size_t size)
{
	(void)user, (void)table, (void)cpu, (void)data, (void)size;
	return 0;
}

static void print_stages(const struct bcc_module *mod)
{
	BCC_OPTS(bcc_timings, t);

	if (bcc_module_timings(mod, &t))
		return;
	printf("stages %.3f %.3f %.3f %.3f %.3f %.3f %.3f %.3f\n", t.start / 1e6, t.expand / 1e6,
	       t.types / 1e6, t.parse / 1e6, t.rewrite / 1e6, t.codegen / 1e6,
	       (t.open + t.maps) / 1e6, (t.load + t.attach) / 1e6);
}

static int start(struct bcc_context *ctx, const char *path, struct bcc_module **out)
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
	*out = mod;
	return err < 0 ? err : 0;
}

int main(int argc, char **argv)
{
	struct bcc_context *ctx;
	struct bcc_module *mod;
	char *why;
	int err;

	if (argc != 2 || bcc_context_create(NULL, &ctx))
		return 2;
	err = start(ctx, argv[1], &mod);
	if (!err) {
		err = clock_report(getpid());
		print_stages(mod);
	} else {
		why = bcc_context_diags_dup(ctx);
		fputs(why ? why : bcc_strerror(err), stderr);
		bcc_free(why);
	}
	bcc_context_destroy(ctx);
	return err ? 1 : 0;
}
