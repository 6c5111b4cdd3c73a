/*
 * bpfcc features: what this kernel can do for BPF, tried now, beside the first version that has it.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "opt.h"

static const char help[] =
"Usage: bpfcc features [OPTIONS] [KIND]\n"
"\n"
"Tries what the running kernel can do for BPF and prints a line for each feature: its kind, its\n"
"name, whether it works here (yes, no, unknown), the first version of Linux that has it, and what\n"
"stands in the way. Nothing is left behind and nothing of the machine's is attached to.\n"
"\n"
"KIND is one of kernel, program, map, attach, helper.\n"
"\n"
"Options:\n"
"      --type TYPE     whether programs of TYPE (xdp, tc, kprobe, ...) may call each helper\n"
"      --check         only what contradicts the versions: a feature before its time, or one that is\n"
"                      missing although no configuration option explains it; exit code 1 if any\n"
"  -j, --json          one JSON object per line\n"
"  -h, --help          this help\n"
"\n"
"Examples:\n"
"  bpfcc features\n"
"  bpfcc features attach\n"
"  bpfcc features helper --type xdp\n";

enum { OPT_TYPE = 256, OPT_CHECK };

static const struct option long_options[] = {
	{ "type", required_argument, NULL, OPT_TYPE },
	{ "check", no_argument, NULL, OPT_CHECK },
	{ "json", no_argument, NULL, 'j' },
	{ "help", no_argument, NULL, 'h' },
	{ 0 },
};

struct features {
	bool json, check;
	uint32_t version;
	int contradictions;
};

static const char *state_name(enum bcc_feature_state state)
{
	return state == BCC_FEATURE_YES ? "yes" : state == BCC_FEATURE_NO ? "no" : "unknown";
}

static void show_json(const struct bcc_feature *f)
{
	fputs("{\"v\":1,\"type\":\"feature\"", stdout);
	json_field("kind", f->kind);
	json_field("name", f->name);
	json_field("here", state_name(f->state));
	json_field("since", f->since);
	json_field("config", f->config);
	json_field("why", f->why);
	puts("}");
}

/* "5.8" as bcc_kernel_version() counts. */
static uint32_t version_code(const char *text)
{
	char *end;
	unsigned long major = strtoul(text, &end, 10);
	unsigned long minor = *end == '.' ? strtoul(end + 1, NULL, 10) : 0;

	return (uint32_t)(major << 16 | minor << 8);
}

/* What a feature that is missing may be missing for. */
static const char *reason(const struct features *fs, const struct bcc_feature *f)
{
	if (f->why)
		return f->why;
	if (f->state == BCC_FEATURE_NO && f->config && fs->version >= version_code(f->since))
		return f->config;
	return "";
}

static void check(struct features *fs, const struct bcc_feature *f)
{
	bool due = fs->version >= version_code(f->since);

	if (f->state == BCC_FEATURE_YES && !due)
		printf("%s %s works before its time, which is %s\n", f->kind, f->name, f->since);
	else if (f->state == BCC_FEATURE_NO && due && !f->config && !f->why)
		printf("%s %s is missing, but should be there since %s\n", f->kind, f->name,
		       f->since);
	else if (f->state == BCC_FEATURE_UNKNOWN && strcmp(f->name, "module_btf"))
		printf("%s %s could not be tried: %s\n", f->kind, f->name, f->why);
	else
		return;
	fs->contradictions++;
}

static int show(void *data, const struct bcc_feature *f)
{
	struct features *fs = data;
	const char *why = reason(fs, f);

	if (fs->check)
		check(fs, f);
	else if (fs->json)
		show_json(f);
	else
		printf("%-8s %-28s %-8s %s%*s%s\n", f->kind, f->name, state_name(f->state),
		       f->since, *why ? 7 - (int)strlen(f->since) : 0, "", why);
	return ferror(stdout) ? -EIO : 0;
}

static int walk(struct features *fs, const char *kind, const char *type)
{
	BCC_OPTS(bcc_feature_opts, opts, .kind = kind, .type = type);
	struct bcc_context *ctx = NULL;
	int err = bcc_context_create(NULL, &ctx), code = EXIT_OK;

	if (err)
		return ui_failure(NULL, err);
	fs->version = bcc_kernel_version();
	if (!fs->check && !fs->json)
		printf("%-8s %-28s %-8s %s\n", "KIND", "NAME", "HERE", "SINCE");
	err = bcc_features_walk(ctx, &opts, show, fs);
	if (err < 0 && !ferror(stdout))
		code = ui_failure(ctx, err);
	else if (fs->contradictions)
		code = EXIT_RUNTIME;
	bcc_context_destroy(ctx);
	return ui_finish(code);
}

static bool is_kind(const char *word)
{
	static const char *const kinds[] = { "kernel", "program", "map", "attach", "helper" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		if (!strcmp(kinds[i], word))
			return true;
	return false;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	struct features fs = { 0 };
	const char *type = NULL, *kind;
	int c;

	opterr = 0;
	optind = 1;
	while ((c = getopt_long(argc, argv, ":jh", long_options, NULL)) != -1) {
		switch (c) {
		case OPT_TYPE:
			type = optarg;
			break;
		case OPT_CHECK:
			fs.check = true;
			break;
		case 'j':
			fs.json = true;
			break;
		case 'h':
			fputs(help, stdout);
			return ui_finish(EXIT_OK);
		default:
			return bad_option(cmd, c, argv);
		}
	}
	kind = argv[optind];
	if (kind && argv[optind + 1])
		return ui_usage(cmd, "one kind only: what is '%s'?", argv[optind + 1]);
	if (kind && !is_kind(kind))
		return ui_usage(cmd, "'%s' is none of kernel, program, map, attach, helper", kind);
	if (type && kind && strcmp(kind, "helper"))
		return ui_usage(cmd, "--type is for helpers");
	if (type && fs.check)
		return ui_usage(cmd, "--check and --type exclude each other");
	return walk(&fs, type ? "helper" : kind, type);
}

const struct command cmd_features = {
	.name = "features",
	.summary = "try what this kernel can do for BPF",
	.help = help,
	.run = run,
};
