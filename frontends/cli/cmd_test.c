/*
 * bpfcc test: one program of a text, run by the kernel on bytes of the user's, attached to nothing.
 */
#include <errno.h>
#include <getopt.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "compile.h"

static const char help[] =
"Usage: bpfcc test [OPTIONS] FILE.c [FUNCTION]\n"
"\n"
"Loads FUNCTION of FILE.c (- for standard input, or a BPF object; FUNCTION may be left out when\n"
"there is only one) and has the kernel run it on the given bytes, without attaching it. Prints\n"
"what it returned, how long one run took, and the packet and context as it left them.\n"
"\n"
"Of these types: xdp, tc, action, socket, cgroup_skb, lwt_*, flow_dissector (on --data, a frame of\n"
"at least 14 bytes, with --ctx if wanted), sk_lookup, raw_tp, syscall (on --ctx), netfilter.\n"
"\n"
"Options:\n"
"      --data BYTES    the packet: hex digits, or @FILE for a file's bytes (@- standard input)\n"
"      --ctx BYTES     the context, as the type's struct: struct xdp_md, struct __sk_buff, ...\n"
"      --repeat N      run it N times; the time is the average\n"
"      --cpu N         run it on this CPU (raw_tp)\n"
"      --type TYPE     what FUNCTION is when it does not say so: xdp, tc, raw_tp, ...\n"
"  -j, --json          one JSON object\n"
"      --kernel-headers DIR\n"
"                      take the types of a kernel header tree\n"
"  -D, -U, -I ARG      for the compiler: define, undefine, include directory\n"
"  -h, --help          this help\n"
"\n"
"Examples:\n"
"  bpfcc test filter.c on_packet --type xdp --data @packet.bin --repeat 100000\n"
"  bpfcc test filter.c on_packet --type tc \\\n"
"        --data 'ffffffffffff 020000000001 0800 4500001400000000401100007f0000017f000001'\n";

enum { OPT_DATA = 256, OPT_CTX, OPT_REPEAT, OPT_CPU, OPT_TYPE };

static const struct option long_options[] = {
	{ "data", required_argument, NULL, OPT_DATA },
	{ "ctx", required_argument, NULL, OPT_CTX },
	{ "repeat", required_argument, NULL, OPT_REPEAT },
	{ "cpu", required_argument, NULL, OPT_CPU },
	{ "type", required_argument, NULL, OPT_TYPE },
	{ "json", no_argument, NULL, 'j' },
	COMPILE_OPTION_HEADERS, COMPILE_OPTION_HELP,
	{ 0 },
};

#define MORE_ROOM 65536 /* how much a program can make its packet grow, and then some */

struct test {
	struct compile how;
	const char *function, *type;
	struct bytes data, ctx;
	uint32_t repeat, cpu;
	bool has_cpu, json;
	struct bytes data_out, ctx_out; /* size is the room */
};

static bool parse_number(const char *text, uint32_t least, uint32_t *out)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, 10);
	*out = (uint32_t)value;
	return *text >= '0' && *text <= '9' && !*end && !errno && value >= least &&
	       value <= INT_MAX;
}

static struct bcc_program *find_program(const struct test *t, struct bcc_module *mod)
{
	struct bcc_program *prog, *first = bcc_module_next_program(mod, NULL);
	FILE *list;
	char *names = NULL;
	size_t size;

	prog = t->function ? bcc_module_program(mod, t->function) :
	       first && !bcc_module_next_program(mod, first) ? first : NULL;
	if (prog)
		return prog;
	list = open_memstream(&names, &size);
	for (prog = first; list && prog; prog = bcc_module_next_program(mod, prog))
		fprintf(list, " %s", bcc_program_name(prog));
	if (list)
		fclose(list);
	if (!first)
		ui_usage(t->how.cmd, "%s has no program", source_name(t->how.path));
	else if (t->function)
		ui_usage(t->how.cmd, "%s has no program '%s'; there are:%s", source_name(t->how.path),
			 t->function, names ? names : "");
	else
		ui_usage(t->how.cmd, "which program? There are:%s", names ? names : "");
	free(names);
	return NULL;
}

/* What the kernel said of a size may exceed the room. */
static size_t filled(size_t size, const struct bytes *room)
{
	return size < room->size ? size : room->size;
}

static void show_bytes(const char *what, const struct bytes *in, const struct bytes *out,
		       size_t size)
{
	size_t n = filled(size, out);

	if (!n)
		return;
	printf("%s: %zu bytes%s\n", what, size,
	       size == in->size && !memcmp(in->data, out->data, size) ? ", unchanged" : "");
	bytes_dump(out->data, n);
}

static void show_text(const struct test *t, const struct bcc_test_run *run)
{
	printf("return value: %" PRIu32, run->retval);
	if ((int32_t)run->retval < 0)
		printf(" (%" PRId32 ")", (int32_t)run->retval);
	if (run->verdict)
		printf(" (%s)", run->verdict);
	printf("\ntime: %" PRIu32 " ns%s%s\n", run->duration_ns, t->repeat > 1 ? " a run" : "",
	       run->timed_outside ? ", with the system call" : "");
	show_bytes("data", &t->data, &t->data_out, run->data_size_out);
	show_bytes("context", &t->ctx, &t->ctx_out, run->ctx_size_out);
}

static void show_json(const struct test *t, const struct bcc_program *prog,
		      const struct bcc_test_run *run)
{
	printf("{\"v\":1,\"type\":\"test\",\"function\":\"%s\",\"retval\":%" PRIu32,
	       bcc_program_name(prog), run->retval);
	if (run->verdict)
		printf(",\"verdict\":\"%s\"", run->verdict);
	printf(",\"duration_ns\":%" PRIu32 ",\"timed_outside\":%s,\"repeat\":%" PRIu32,
	       run->duration_ns, run->timed_outside ? "true" : "false",
	       t->repeat ? t->repeat : 1);
	printf(",\"data\":\"");
	bytes_print(t->data_out.data, filled(run->data_size_out, &t->data_out));
	printf("\",\"ctx\":\"");
	bytes_print(t->ctx_out.data, filled(run->ctx_size_out, &t->ctx_out));
	puts("\"}");
}

static int run_program(struct test *t, struct bcc_program *prog)
{
	BCC_OPTS(bcc_test_run, run, .data_in = t->data.data, .data_size_in = t->data.size,
		 .ctx_in = t->ctx.data, .ctx_size_in = t->ctx.size, .repeat = t->repeat,
		 .flags = t->has_cpu ? BCC_TEST_RUN_ON_CPU : 0, .cpu = t->cpu);
	struct bcc_context *ctx = bcc_module_context(bcc_program_module(prog));
	int err = 0;

	t->data_out.size = t->data.size + MORE_ROOM;
	t->ctx_out.size = t->ctx.size + MORE_ROOM;
	run.data_out = t->data_out.data = malloc(t->data_out.size);
	run.data_size_out = t->data_out.size;
	run.ctx_out = t->ctx_out.data = malloc(t->ctx_out.size);
	run.ctx_size_out = t->ctx_out.size;
	if (!run.data_out || !run.ctx_out) {
		ui_error("out of memory");
		return EXIT_RUNTIME;
	}
	if (t->type)
		err = bcc_program_set_type(prog, t->type);
	if (!err)
		err = bcc_program_test_run(prog, &run);
	if (err)
		return ui_failure(ctx, err);
	ui_diags(ctx);
	if (t->json)
		show_json(t, prog, &run);
	else
		show_text(t, &run);
	return ui_finish(EXIT_OK);
}

static int test(struct test *t)
{
	struct bcc_module_opts opts = compile_module(&t->how);
	struct bcc_context *ctx = NULL;
	struct bcc_program *prog;
	struct bcc_module *mod;
	size_t size;
	char *text = source_read_any(t->how.path, &size);
	int err, code;

	if (!text)
		return EXIT_RUNTIME;
	err = compile_context(&t->how, &ctx);
	if (!err && source_is_object(text, size)) {
		opts.cflags = NULL; /* nothing is compiled */
		err = bcc_module_create_from_object(ctx, text, size, &opts, &mod);
	} else if (!err) {
		err = bcc_module_create(ctx, text, &opts, &mod);
	}
	free(text);
	if (err) {
		code = ui_failure(ctx, err);
	} else {
		ui_diags(ctx);
		prog = find_program(t, mod);
		code = prog ? run_program(t, prog) : EXIT_USAGE;
	}
	bcc_context_destroy(ctx);
	return code;
}

/* One option; an exit code, or -1 to go on. */
static int option(struct test *t, int c, char **argv)
{
	int code = EXIT_OK;

	switch (c) {
	case OPT_DATA:
		code = bytes_read(t->how.cmd, "--data", optarg, &t->data);
		break;
	case OPT_CTX:
		code = bytes_read(t->how.cmd, "--ctx", optarg, &t->ctx);
		break;
	case OPT_REPEAT:
		if (!parse_number(optarg, 1, &t->repeat))
			code = ui_usage(t->how.cmd, "--repeat '%s' is not a number of runs", optarg);
		break;
	case OPT_CPU:
		t->has_cpu = true;
		if (!parse_number(optarg, 0, &t->cpu))
			code = ui_usage(t->how.cmd, "--cpu '%s' is not the number of a CPU", optarg);
		break;
	case OPT_TYPE:
		t->type = optarg;
		break;
	case 'j':
		t->json = true;
		break;
	default:
		return compile_option(&t->how, c, argv);
	}
	return code ? code : -1;
}

static int run(const struct command *cmd, int argc, char **argv)
{
	struct test t = { .how.cmd = cmd };
	int c, code = -1;

	opterr = 0;
	optind = 1;
	while (code < 0 && (c = getopt_long(argc, argv, ":j" COMPILE_LETTERS, long_options, NULL)) != -1)
		code = option(&t, c, argv);
	if (code >= 0)
		goto out;
	if (optind == argc) {
		code = ui_usage(cmd, "no file");
	} else if (optind + 2 < argc) {
		code = ui_usage(cmd, "one function only: what is '%s'?", argv[optind + 2]);
	} else {
		t.how.path = argv[optind];
		t.function = argv[optind + 1];
		code = test(&t);
	}

out:
	compile_free(&t.how);
	free(t.data.data);
	free(t.ctx.data);
	free(t.data_out.data);
	free(t.ctx_out.data);
	return code;
}

const struct command cmd_test = {
	.name = "test",
	.summary = "run one program on given bytes, attached to nothing",
	.help = help,
	.run = run,
};
