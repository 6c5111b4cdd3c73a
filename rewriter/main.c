/*
 * The compiler program: one job per process, spoken over the socket that libbcc hands it as
 * descriptor 3 (libbcc/compile/protocol.h). It bounds what a hostile text can cost, and ends
 * without running LLVM's destructors, which would only take time.
 *
 * Exit status: 0 the conversation was completed, 1 LLVM gave up (reported), 2 not started by the
 * library, 3 the library hung up or spoke nonsense.
 */
#include <errno.h>
#include <malloc.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bridge.h"
#include "compile/protocol.h"
#include "rewrite.h"

enum { EXIT_USAGE = 2, EXIT_PEER = 3 };

/* --- the socket --- */

/* There is nobody left to report to. */
static void leave(const char *why)
{
	fprintf(stderr, "bcc-compiler: %s\n", why);
	fflush(stderr);
	_exit(EXIT_PEER);
}

static void send_frame(struct frame *f)
{
	size_t done = 0;
	ssize_t n;
	int err = frame_finish(f);

	if (err)
		leave(strerror(-err));
	while (done < f->size) {
		n = send(PROTOCOL_FD, f->data + done, f->size - done, MSG_NOSIGNAL);
		if (n < 0 && errno != EINTR)
			leave("the library hung up");
		if (n > 0)
			done += (size_t)n;
	}
	frame_free(f);
}

static void receive(void *data, size_t size)
{
	size_t done = 0;
	ssize_t n;

	while (done < size) {
		n = recv(PROTOCOL_FD, (char *)data + done, size - done, 0);
		if (n == 0 || (n < 0 && errno != EINTR))
			leave("the library hung up");
		if (n > 0)
			done += (size_t)n;
	}
}

/* The payload of the next frame, which must be of this type. It is malloc()ed. */
static struct payload receive_frame(enum frame_type type)
{
	struct frame_header header;
	struct payload p = { 0 };
	char *data;

	receive(&header, sizeof(header));
	if (header.type != type || header.size > PROTOCOL_MAX_PAYLOAD)
		leave("the library sent what this compiler does not understand");
	data = malloc(header.size + 1);
	if (!data)
		leave("out of memory");
	receive(data, header.size);
	p.data = data;
	p.size = header.size;
	return p;
}

/* --- what the pipeline asks for and says --- */

static void host_diag(void *data, const struct job_diag *diag)
{
	struct frame f;

	(void)data;
	frame_start(&f, FRAME_DIAG);
	frame_u32(&f, (uint32_t)diag->severity);
	frame_string(&f, diag->code);
	frame_string(&f, diag->message);
	frame_string(&f, diag->hint);
	frame_string(&f, diag->file);
	frame_u32(&f, diag->line);
	frame_u32(&f, diag->column);
	frame_u32(&f, diag->end_column);
	frame_string(&f, diag->source_line);
	send_frame(&f);
}

/* Sends a question and waits for its answer. */
static char *ask(struct frame *question)
{
	struct payload p;
	const char *text;
	char *copy;

	send_frame(question);
	p = receive_frame(FRAME_ANSWER);
	text = payload_string(&p);
	if (!payload_end(&p))
		leave("the library sent a malformed answer");
	copy = text ? strdup(text) : NULL;
	free((void *)p.data);
	return copy;
}

static char *host_types(void *data, const struct needs *needs)
{
	struct frame f;

	(void)data;
	frame_start(&f, FRAME_TYPES);
	frame_strings(&f, needs->names, needs->n_names);
	frame_strings(&f, needs->own, needs->n_own);
	frame_strings(&f, needs->tracepoints, needs->n_tracepoints);
	return ask(&f);
}

static char *host_near_names(void *data, int what, const char *record, const char *name)
{
	struct frame f;

	(void)data;
	frame_start(&f, FRAME_NEAR);
	frame_u32(&f, (uint32_t)what);
	frame_string(&f, record);
	frame_string(&f, name);
	return ask(&f);
}

static void host_kernel_btf(void *data, const void *btf, size_t size)
{
	struct frame f;

	(void)data;
	frame_start(&f, FRAME_BTF);
	frame_bytes(&f, btf, size);
	send_frame(&f);
}

/* --- the job --- */

static void set_limit(int resource, rlim_t soft, rlim_t hard)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit))
		return;
	if (limit.rlim_max != RLIM_INFINITY && hard > limit.rlim_max)
		hard = limit.rlim_max;
	limit.rlim_max = hard;
	limit.rlim_cur = soft < hard ? soft : hard;
	setrlimit(resource, &limit);
}

/* What a text may cost. The library turns the signals of these limits into words. */
static void limit_resources(void)
{
	set_limit(RLIMIT_AS, 4ul << 30, 4ul << 30);
	set_limit(RLIMIT_CPU, 20, 22);
	set_limit(RLIMIT_CORE, 0, 0);
	/* It only ever writes its log. */
	set_limit(RLIMIT_FSIZE, 1ul << 20, 1ul << 20);
	signal(SIGXFSZ, SIG_IGN);
}

static void read_headers(struct payload *p, struct job *job)
{
	size_t n;
	const char **part = payload_strings(p, &n);

	if (!part || (n && n != 3) || (n && (!part[0] || !part[1] || !part[2])))
		leave("the library sent a malformed job");
	if (n)
		job->headers = (struct header_tree){ part[0], part[1], part[2] };
	job->has_headers = n != 0;
	free(part);
}

static void read_job(struct job *job)
{
	struct payload p = receive_frame(FRAME_JOB);
	const char *text;
	char *copy;
	size_t n;

	if (payload_u32(&p) != PROTOCOL_VERSION)
		leave("the library speaks another version of the protocol");
	job->portable = payload_u32(&p);
	job->only_rewrite = payload_u32(&p);
	text = payload_bytes(&p, &job->size);
	job->name = payload_string(&p);
	job->cflags = payload_strings(&p, &n);
	job->retarget = payload_strings(&p, &n);
	read_headers(&p, job);
	if (!payload_end(&p) || !job->name || job->size > PROTOCOL_MAX_TEXT)
		leave("the library sent a malformed job");
	/* With a NUL behind it. The payload is kept: the rest of the job points into it. */
	copy = calloc(1, job->size + 1);
	if (!copy)
		leave("out of memory");
	job->text = memcpy(copy, text, job->size);
}

static void send_result(const struct job *job, const struct job_result *res)
{
	struct frame f;

	frame_start(&f, FRAME_REWRITTEN);
	frame_string(&f, res->rewritten);
	send_frame(&f);
	if (job->only_rewrite)
		return;
	frame_start(&f, FRAME_OBJECT);
	frame_bytes(&f, res->object, res->object_size);
	send_frame(&f);
}

static void send_done(int err, const struct job_times *times)
{
	struct frame f;

	frame_start(&f, FRAME_DONE);
	frame_u32(&f, err ? 1 : 0);
	frame_u64(&f, times->expand);
	frame_u64(&f, times->headers);
	frame_u64(&f, times->types);
	frame_u64(&f, times->parse);
	frame_u64(&f, times->rewrite);
	frame_u64(&f, times->codegen);
	send_frame(&f);
}

/* Clang goes down into a text as deep as it nests. */
#define STACK (512ul << 20)

static void *run_job(void *unused)
{
	const struct host host = {
		.diag = host_diag,
		.types = host_types,
		.near_names = host_near_names,
		.kernel_btf = host_kernel_btf,
	};
	struct job_result res = { 0 };
	struct job job = { 0 };
	int err;

	(void)unused;
	read_job(&job);
	err = rewrite_job(&job, &host, &res);
	if (!err)
		send_result(&job, &res);
	send_done(err, &res.times);
	_exit(0);
}

/* A thread, because the stack of a process is as large as whoever started it allows. */
static void run_job_deeply(void)
{
	pthread_attr_t attr;
	pthread_t thread;

	/* One heap for both threads: a second one would be made of small pieces. */
	mallopt(M_ARENA_MAX, 1);
	/* libclang would parse in a thread of its own, with a small stack. */
	setenv("LIBCLANG_NOTHREADS", "1", 1);
	if (pthread_attr_init(&attr) || pthread_attr_setstacksize(&attr, STACK) ||
	    pthread_create(&thread, &attr, run_job, NULL))
		run_job(NULL); /* where memory is short, with the stack there is */
	pthread_join(thread, NULL);
}

/* Whether descriptor 3 is what the library would have made of it. */
static bool has_library(void)
{
	int type, domain;
	socklen_t size = sizeof(int);

	return !getsockopt(PROTOCOL_FD, SOL_SOCKET, SO_TYPE, &type, &size) &&
	       !getsockopt(PROTOCOL_FD, SOL_SOCKET, SO_DOMAIN, &domain, &size) &&
	       type == SOCK_STREAM && domain == AF_UNIX;
}

int main(int argc, char **argv)
{
	if (argc == 2 && !strcmp(argv[1], "--version")) {
		printf("bcc-compiler %s (LLVM %s)\n", BCC_VERSION, bridge_llvm_version());
		return 0;
	}
	if (argc > 1 || !has_library()) {
		fprintf(stderr, "bcc-compiler: this is the compiler that libbcc starts for itself; "
			"use the command bpfcc\n");
		return EXIT_USAGE;
	}
	limit_resources();
	run_job_deeply();
}
