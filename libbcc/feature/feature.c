/*
 * The public face: walks the tables, tries each row, and says what stood in the way where there is no
 * answer. A refusal (EPERM) to a process that lacks nothing is a no: a policy forbids it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>

#include "feature/feature.h"

#define N_TABLES 5

struct walk {
	struct bcc_context *ctx;
	struct kernel *kernel;
	char *missing; /* the privilege that is; NULL: none */
	bool asked;
	int type;      /* helpers: of programs of this type; 0: of any */
};

static struct feature_table table_at(size_t i)
{
	const struct feature_table tables[N_TABLES] = {
		{ "kernel", kernel_features, n_kernel_features },
		{ "program", program_features, n_program_features },
		{ "map", map_features, n_map_features },
		{ "attach", attach_features, n_attach_features },
		{ "helper", helper_features, n_helper_features },
	};

	return tables[i];
}

void bcc_feature_opts_init(struct bcc_feature_opts *opts)
{
	*opts = (struct bcc_feature_opts){ .size = sizeof(*opts) };
}

uint32_t bcc_kernel_version(void)
{
	return kernel_version_code();
}

static const char *missing_privilege(struct walk *w)
{
	char *hint = NULL;

	if (!w->asked) {
		w->missing = privilege_missing_network(&hint);
		free(hint);
		w->asked = true;
	}
	return w->missing;
}

static bool denied(int err)
{
	return err == -EPERM || err == -EACCES;
}

static void try_row(struct walk *w, const struct feature_row *row, struct bcc_feature *out)
{
	bool of_type = w->type && row->probe == probe_helper;
	int result;

	out->name = row->name;
	out->since = row->since;
	out->config = row->config;
	out->why = NULL;
	result = of_type ? probe_helper_call(w->kernel, w->type, row->number) :
		 row->probe(w->kernel, row);
	if (result >= 0) {
		out->state = result ? BCC_FEATURE_YES : BCC_FEATURE_NO;
	} else if (denied(result) && !missing_privilege(w)) {
		out->state = BCC_FEATURE_NO;
		out->why = "the kernel refuses it although no privilege is missing";
	} else {
		out->state = BCC_FEATURE_UNKNOWN;
		out->why = denied(result) ? missing_privilege(w) :
			   result == -ENODATA ? "no kernel module is loaded" :
			   result == -EOPNOTSUPP ? "programs of this type are bound to a target" :
						   bcc_strerror(result);
	}
}

/* A program type by the name in the table ("xdp", "sched_cls") or by its section ("tc"). */
static int find_type(const char *name)
{
	enum bpf_attach_type expected;
	enum bpf_prog_type type;

	for (size_t i = 0; i < n_program_features; i++)
		if (!strcmp(program_features[i].name, name))
			return program_features[i].number;
	return libbpf_prog_type_by_name(name, &type, &expected) ? -EINVAL : (int)type;
}

static int begin(struct walk *w, const char *type)
{
	int err = context_kernel(w->ctx, &w->kernel);

	if (err || !type)
		return err;
	w->type = find_type(type);
	return w->type > 0 ? 0 : diag_fail(w->ctx, -EINVAL, "feature",
					    "there is no program type '%s'", type);
}

int bcc_features_walk(struct bcc_context *ctx, const struct bcc_feature_opts *opts,
		      bcc_feature_fn fn, void *data)
{
	struct walk w = { .ctx = ctx };
	struct bcc_feature_opts o;
	bool any = false;
	int err, n = 0;

	if (!ctx || !fn)
		return -EINVAL;
	diag_clear(ctx);
	if (context_read_opts(opts, &o, sizeof(o)))
		return diag_fail(ctx, -EINVAL, "options",
				 "struct bcc_feature_opts is malformed: its size is wrong, or it sets "
				 "what this library does not know");
	err = begin(&w, o.type);
	for (size_t t = 0; t < N_TABLES && !err; t++) {
		const struct feature_table table = table_at(t);

		if (o.kind && strcmp(o.kind, table.kind))
			continue;
		any = true;
		for (size_t i = 0; i < table.n && !err; i++) {
			struct bcc_feature feature = { .kind = table.kind };

			try_row(&w, &table.rows[i], &feature);
			err = fn(data, &feature);
			n++;
		}
	}
	if (!err && !any)
		err = diag_fail_hint(ctx, -EINVAL, "feature",
				     "there are kernel, program, map, attach and helper",
				     "there is no kind of feature '%s'", o.kind);
	free(w.missing);
	return err < 0 ? err : n;
}

static const struct feature_row *find_row(const char *kind, const char *name)
{
	for (size_t t = 0; t < N_TABLES; t++) {
		const struct feature_table table = table_at(t);

		for (size_t i = 0; !strcmp(table.kind, kind) && i < table.n; i++)
			if (!strcmp(table.rows[i].name, name))
				return &table.rows[i];
	}
	return NULL;
}

static int query(struct bcc_context *ctx, const char *kind, const char *name, const char *type)
{
	struct walk w = { .ctx = ctx };
	struct bcc_feature feature = { 0 };
	const struct feature_row *row;
	int err;

	diag_clear(ctx);
	row = find_row(kind, name);
	if (!row)
		return diag_fail(ctx, -EINVAL, "feature", "no %s '%s' is known to this library", kind,
				 name);
	err = begin(&w, type);
	if (err)
		return err;
	try_row(&w, row, &feature);
	free(w.missing);
	return (int)feature.state;
}

int bcc_feature_query(struct bcc_context *ctx, const char *kind, const char *name)
{
	return ctx && kind && name ? query(ctx, kind, name, NULL) : -EINVAL;
}

int bcc_feature_query_helper(struct bcc_context *ctx, const char *helper, const char *type)
{
	if (!ctx || !helper || !type)
		return -EINVAL;
	return query(ctx, "helper", helper + (strncmp(helper, "bpf_", 4) ? 0 : 4), type);
}
