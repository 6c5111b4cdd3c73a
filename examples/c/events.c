/*
 * Events through one loop, with every error explained: a child opens files, each open becomes a
 * record that is printed through its type, without a copy of the struct on this side.
 */
#include <bcc/bcc.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char text[] =
"struct open { u32 pid; char comm[16]; char file[64]; };\n"
"BPF_PERF_OUTPUT(opens);\n"
"TRACEPOINT_PROBE(syscalls, sys_enter_openat) {\n"
"	struct open o = { .pid = bpf_get_current_pid_tgid() >> 32 };\n"
"	if (o.pid != CHILD)\n"
"		return 0;\n"
"	bpf_get_current_comm(&o.comm, sizeof(o.comm));\n"
"	bpf_probe_read_user_str(&o.file, sizeof(o.file), args->filename);\n"
"	opens.perf_submit(args, &o, sizeof(o));\n"
"	return 0;\n"
"}\n";

/* Waits until its standard input closes, then does what there is to see. */
static int child(int gate)
{
	/* On the stack: a BPF program cannot read a string that is not in memory yet. */
	char files[][16] = { "/etc/hostname", "/proc/self/stat", "/no/such/file" };
	char byte;

	if (read(gate, &byte, 1) != 0)
		return 1;
	for (int i = 0; i < 3; i++)
		close(open(files[i], O_RDONLY));
	return 0;
}

static int on_open(void *user, struct bcc_table *table, int cpu, const void *data, size_t size)
{
	char *line = bcc_type_format_dup(bcc_table_event_type(table), data, size);
	int *seen = user;

	printf("cpu %d: %s\n", cpu, line ? line : "out of memory");
	bcc_free(line);
	++*seen;
	return 0;
}

/* Compiles, opens the events, attaches. Returns a negative error. */
static int prepare(struct bcc_context *ctx, pid_t pid, int *seen)
{
	char define[32];
	const char *cflags[] = { define, NULL };
	BCC_OPTS(bcc_module_opts, opts, .name = "opens.c", .cflags = cflags);
	BCC_OPTS(bcc_events_opts, events, .user = seen);
	struct bcc_module *mod;
	int err;

	snprintf(define, sizeof(define), "-DCHILD=%d", pid);
	err = bcc_module_create(ctx, text, &opts, &mod);
	if (err)
		return err;
	err = bcc_table_open_events(bcc_module_table(mod, "opens"), on_open, &events);
	if (err)
		return err;
	return bcc_module_attach_all(mod);
}

/* Hands over events until the child has ended. Returns a negative error. */
static int follow(struct bcc_context *ctx, pid_t pid)
{
	bool ended;
	int err;

	do {
		ended = waitpid(pid, NULL, WNOHANG) == pid;
		err = bcc_context_poll(ctx, 100);
	} while (err >= 0 && !ended);
	return err;
}

int main(void)
{
	struct bcc_context *ctx;
	int gate[2], seen = 0, err;
	char *why;
	pid_t pid;

	if (bcc_context_create(NULL, &ctx) || pipe2(gate, O_CLOEXEC))
		return 1;
	pid = fork();
	if (!pid) {
		close(gate[1]);
		_exit(child(gate[0]));
	}
	err = prepare(ctx, pid, &seen);
	close(gate[1]);
	if (err >= 0)
		err = follow(ctx, pid);
	if (err < 0) {
		why = bcc_context_diags_dup(ctx);
		fprintf(stderr, "%s\n%s", bcc_strerror(err), why ? why : "");
		bcc_free(why);
	}
	bcc_context_destroy(ctx);
	printf("%d files were opened\n", seen);
	return err < 0;
}
