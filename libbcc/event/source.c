/*
 * Tables as event sources: opening, closing, and the account of what was lost.
 *
 * A table's total is what earlier openings lost, plus what the kernel says of this one (perf), plus
 * what the program itself counted (ring buffers: since the module was made, open or not). on_lost
 * is told the growth of that total, and never the same record twice.
 */
#include "event/source.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "context/libbpf.h"
#include "event/loop.h"
#include "kernel/kernel.h"
#include "table/table.h"

#define MAX_PAGES (1u << 20)
#define DEFAULT_PAGES 64

void bcc_events_opts_init(struct bcc_events_opts *opts)
{
	memset(opts, 0, sizeof(*opts));
	opts->size = sizeof(*opts);
}

/* What the program counted as not submitted, over all CPUs. */
static uint64_t counted_by_program(const struct bcc_table *t)
{
	uint64_t sum = 0, *values;
	int cpus;

	if (t->lost_fd < 0)
		return 0;
	cpus = libbpf_num_possible_cpus();
	values = cpus > 0 ? calloc((size_t)cpus, sizeof(*values)) : NULL;
	if (!values)
		return 0;
	if (!bpf_map_lookup_elem(t->lost_fd, &t->lost_slot, values)) {
		for (int i = 0; i < cpus; i++)
			sum += values[i];
	}
	free(values);
	return sum;
}

static uint64_t lost_total(struct bcc_table *t, bool exact)
{
	uint64_t kernel = t->source ? t->source->ops->lost(t->source, exact) : 0;

	return t->lost_before + kernel + counted_by_program(t);
}

/* How much the total grew since it was last told; that counts as told from now on. */
static uint64_t take_growth(struct bcc_table *t, bool exact)
{
	uint64_t total = lost_total(t, exact), growth;

	if (total <= t->lost_told)
		return 0;
	growth = total - t->lost_told;
	t->lost_told = total;
	return growth;
}

void event_source_tell_lost(struct event_source *source)
{
	uint64_t growth;

	if (!source->on_lost)
		return;
	growth = take_growth(source->table, false);
	if (growth)
		source->on_lost(source->user, source->table, growth);
}

void event_source_close(struct event_source *source)
{
	struct bcc_table *t = source->table;

	t->lost_before += source->ops->lost(source, true);
	t->source = NULL;
	event_loop_remove(source->loop, source);
}

void event_source_free(struct event_source *source)
{
	if (!source)
		return;
	if (source->impl)
		source->ops->close(source);
	if (source->map_fd >= 0)
		close(source->map_fd);
	free(source);
}

static int open_fail(struct bcc_table *t, int err, const char *said)
{
	struct bcc_context *ctx = bcc_module_context(t->module);
	char *missing = NULL, *privilege_hint = NULL;
	const char *hint = NULL;
	struct bcc_diag *diag;

	if (err == -EPERM || err == -EACCES) {
		hint = "a perf buffer takes CAP_PERFMON or a lower kernel.perf_event_paranoid, and "
		       "with many pages CAP_IPC_LOCK";
		missing = privilege_missing(&privilege_hint);
	} else if (err == -ENOMEM) {
		hint = "ask for fewer pages";
	}
	if (missing)
		err = BCC_ERR_PRIVILEGE;
	diag = diag_add(ctx, BCC_ERROR, missing ? "privilege" : "events",
			"cannot open the events of %s: %s", t->name,
			missing ? missing : bcc_strerror(err));
	if (missing ? privilege_hint : hint)
		diag_hint(diag, "%s", missing ? privilege_hint : hint);
	diag_log(diag, said);
	diag_done(ctx, diag);
	free(missing);
	free(privilege_hint);
	return err;
}

/* Makes the source of a table and puts it into the loop. */
static int open_source(struct bcc_table *t, const struct bcc_events_opts *opts,
		       bcc_event_fn on_event)
{
	struct event_source *source = calloc(1, sizeof(*source));
	struct event_loop *loop;
	int err;

	if (!source)
		return -ENOMEM;
	*source = (struct event_source){
		.table = t,
		.owner = t,
		.ops = t->map_type == BPF_MAP_TYPE_RINGBUF ? &ring_source : &perf_source,
		.on_event = on_event,
		.on_lost = opts->on_lost,
		.user = opts->user,
	};
	source->map_fd = fcntl(t->fd, F_DUPFD_CLOEXEC, 3);
	err = source->map_fd < 0 ? -errno : 0;
	if (!err)
		err = source->ops->open(source, opts->pages ? opts->pages : DEFAULT_PAGES);
	if (!err)
		err = event_loop_get(bcc_module_context(t->module), &loop);
	if (!err)
		err = event_loop_add(loop, source);
	if (err) {
		event_source_free(source);
		return err;
	}
	t->source = source;
	return 0;
}

int bcc_table_open_events(struct bcc_table *table, bcc_event_fn on_event,
				  const struct bcc_events_opts *user_opts)
{
	struct bcc_events_opts opts;
	struct libbpf_call call;
	struct bcc_context *ctx;
	int err;

	if (!table)
		return -EINVAL;
	ctx = table_enter(table);
	err = context_read_opts(user_opts, &opts, sizeof(opts));
	if (err || !on_event)
		return diag_fail(ctx, -EINVAL, "events", "cannot open the events of %s: %s",
				 table->name, err ? "unknown options" : "no callback");
	if (!table_is_event_buffer(table) || table->map_type == BPF_MAP_TYPE_USER_RINGBUF)
		return diag_fail_hint(ctx, -EINVAL, "events",
				      "events come from BPF_PERF_OUTPUT or BPF_RINGBUF_OUTPUT",
				      "table %s (%s) is no event buffer", table->name,
				      bcc_table_kind(table));
	if (opts.pages & (opts.pages - 1) || opts.pages > MAX_PAGES)
		return diag_fail(ctx, -EINVAL, "events",
				 "%zu pages asked for %s: it must be a power of two, up to %u",
				 opts.pages, table->name, MAX_PAGES);
	if (table->source)
		return diag_fail(ctx, -EBUSY, "events", "the events of %s are open already",
				 table->name);
	/* Freeing the old buffer takes the new one's descriptors out of the map. */
	if (event_loop_is_closing(ctx->loop, table))
		return diag_fail(ctx, -EBUSY, "events", "the events of %s were closed by a "
				 "callback that still runs: open them after it", table->name);
	libbpf_enter(&call);
	err = open_source(table, &opts, on_event);
	libbpf_leave(&call);
	if (err)
		err = open_fail(table, libbpf_error(err), libbpf_said(&call));
	libbpf_call_free(&call);
	return err;
}

void bcc_table_close_events(struct bcc_table *table)
{
	struct event_source *source = table ? table->source : NULL;
	bcc_lost_fn on_lost;
	uint64_t growth;
	void *user;

	if (!source)
		return;
	on_lost = source->on_lost;
	user = source->user;
	growth = on_lost ? take_growth(table, true) : 0;
	event_source_close(source);
	/* Last of all: this callback may destroy the table. */
	if (growth)
		on_lost(user, table, growth);
}

uint64_t bcc_table_lost(struct bcc_table *table)
{
	return table ? lost_total(table, true) : 0;
}
