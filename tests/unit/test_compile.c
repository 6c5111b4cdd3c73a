/*
 * The library's side of a compile: flags, a compiler that is missing, and compilers of the test's
 * own, shell scripts that crash, hang up, hang or talk nonsense. Whatever they do must end in an
 * error with a diagnostic, no child may be left, and no descriptor. The cases at the end need the
 * real compiler beside this program and are skipped without it.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "compile/internal.h"

struct fixture {
	char dir[64];
	char compiler[96];
	struct bcc_context *ctx;
};

static unsigned count_fds(void)
{
	unsigned n = 0;

	for (int fd = 0; fd < 256; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));
	BCC_OPTS(bcc_context_opts, opts);

	strcpy(f->dir, "/tmp/bcc-test-compile-XXXXXX");
	if (!mkdtemp(f->dir))
		return -1;
	snprintf(f->compiler, sizeof(f->compiler), "%s/compiler", f->dir);
	opts.compiler_path = f->compiler;
	*state = f;
	return bcc_context_create(&opts, &f->ctx);
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	bcc_context_destroy(f->ctx);
	unlink(f->compiler);
	rmdir(f->dir);
	free(f);
	return 0;
}

static void write_script(struct fixture *f, const char *script, mode_t mode)
{
	FILE *file = fopen(f->compiler, "w");

	assert_non_null(file);
	fprintf(file, "#!/bin/sh\n%s\n", script);
	fclose(file);
	assert_int_equal(chmod(f->compiler, mode), 0);
}

/* Compiles a small text with the fixture's compiler; nothing may be left behind. */
static int compile(struct fixture *f, const char *const *cflags)
{
	static const char text[] = "int f(void *ctx) { return 0; }\n";
	const struct compile_request rq = {
		.text = text,
		.text_size = sizeof(text) - 1,
		.cflags = cflags,
	};
	struct compile_result res = { 0 };
	unsigned fds = count_fds();
	int err;

	diag_clear(f->ctx);
	err = compile_run(f->ctx, &rq, &res);
	assert_int_equal(count_fds(), fds);
	assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
	assert_int_equal(errno, ECHILD);
	assert_null(res.rewritten);
	assert_null(res.object);
	return err;
}

/* The last diagnostic's message has this text. */
static void assert_says(struct fixture *f, const char *text)
{
	size_t n = bcc_diag_count(f->ctx);

	assert_int_not_equal(n, 0);
	if (!strstr(bcc_diag_message(bcc_diag_get(f->ctx, n - 1)), text))
		fail_msg("\"%s\" is not in \"%s\"", text,
			 bcc_diag_message(bcc_diag_get(f->ctx, n - 1)));
}

static int run_script(struct fixture *f, const char *script)
{
	write_script(f, script, 0755);
	return compile(f, NULL);
}

static void test_flags(void **state)
{
	static const char *const bad[] = {
		"-fplugin=x.so", "-load", "@file", "-o", "-Xclang", "-Wl,-x", "-Wp,-MD,f", "-O9",
		"-ggdb", "-std=", "-mcpu=", "-march=bpf", "file.c", "-", "", "-mllvm", "-cc1",
		"--sysroot=/", "-fmodules", "-include-pch", "-isystem-after", "-I-",
	};
	static const char *const lacking[] = { "-DX=1", "-I", NULL };
	static const char *const good[] = {
		"-DX=1", "-D", "Y", "-UX", "-I.", "-I", "/tmp", "-isystem", "/tmp", "-include",
		"-o", "-Wall", "-Wno-unused", "-W", "-std=gnu11", "-O", "-O2", "-g", "-g3",
		"-mcpu=v2", NULL,
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		const char *const cflags[] = { bad[i], NULL };

		assert_int_equal(compile(f, cflags), -EINVAL);
		assert_says(f, bad[i]);
	}
	assert_int_equal(compile(f, lacking), -EINVAL);
	assert_says(f, "-I lacks its value");
	assert_int_equal(check_flags(f->ctx, good), 0);
	assert_int_equal(check_flags(f->ctx, NULL), 0);
}

static void test_missing(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(compile(f, NULL), BCC_ERR_COMPILER);
	assert_says(f, f->compiler);
	assert_non_null(strstr(bcc_diag_hint(bcc_diag_get(f->ctx, 0)), "bcc-compiler"));
	write_script(f, "", 0644);
	assert_int_equal(compile(f, NULL), BCC_ERR_COMPILER);
	assert_says(f, "cannot be started");
}

static void test_too_large(void **state)
{
	const struct compile_request rq = {
		.text = "",
		.text_size = (size_t)PROTOCOL_MAX_TEXT + 1,
	};
	struct fixture *f = *state;
	struct compile_result res = { 0 };

	assert_int_equal(compile_run(f->ctx, &rq, &res), -E2BIG);
	assert_says(f, "larger than 64 MB");
}

static void test_crash(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(run_script(f, "echo some words >&2; kill -SEGV $$"), BCC_ERR_COMPILER);
	assert_says(f, "SIGSEGV");
	assert_string_equal(bcc_diag_log(bcc_diag_get(f->ctx, 0)), "some words\n");
	assert_int_equal(run_script(f, "kill -XCPU $$"), BCC_ERR_COMPILE);
	assert_says(f, "processor time");
}

static void test_exit(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(run_script(f, "exit 5"), BCC_ERR_COMPILER);
	assert_says(f, "exit status 5");
	assert_int_equal(run_script(f, "exit 0"), BCC_ERR_COMPILER);
	assert_says(f, "exit status 0");
	assert_int_equal(run_script(f, "echo no libLLVM >&2; exit 127"), BCC_ERR_COMPILER);
	assert_says(f, "cannot start");
	assert_string_equal(bcc_diag_log(bcc_diag_get(f->ctx, 0)), "no libLLVM\n");
}

/* It closes the socket but lives on: it is not waited for for long. */
static void test_hang_up(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(run_script(f, "exec 3>&-; exec sleep 100"), BCC_ERR_COMPILER);
	assert_says(f, "hung up");
}

#define ZEROS12 "\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0"
#define ZEROS16 ZEROS12 "\\0\\0\\0\\0"
#define SLEEP "exec sleep 100" /* much longer than the library needs to see what is wrong */
#define TIMES ZEROS16 ZEROS16 ZEROS16 /* of FRAME_DONE */

static void test_nonsense(void **state)
{
	static const char *const scripts[] = {
		"printf 'this is not a frame at all' >&3",
		"printf '\\024\\0\\0\\0\\377\\377\\377\\377' >&3",           /* too large */
		"printf '\\143\\0\\0\\0\\0\\0\\0\\0' >&3",                   /* unknown */
		/* done with nothing, a status of 7, done without times */
		"printf '\\025\\0\\0\\0\\064\\0\\0\\0\\0\\0\\0\\0" TIMES "' >&3",
		"printf '\\025\\0\\0\\0\\064\\0\\0\\0\\007\\0\\0\\0" TIMES "' >&3",
		"printf '\\025\\0\\0\\0\\004\\0\\0\\0\\001\\0\\0\\0' >&3",
		"printf '\\026\\0\\0\\0\\004\\0\\0\\0\\0\\0\\0\\0' >&3",     /* BTF, unasked */
		"printf '\\025\\0\\0\\0\\0\\0\\0\\0' >&3",                   /* done, empty */
		"printf '\\024\\0\\0\\0\\004\\0\\0\\0\\0\\0\\0\\0' >&3",     /* an empty object */
		"printf '\\020\\0\\0\\0\\004\\0\\0\\0\\002\\0\\0\\0' >&3",   /* half a diagnostic */
		"printf '\\022\\0\\0\\0\\004\\0\\0\\0\\377\\0\\0\\0' >&3",   /* half a question */
		"printf '\\021\\0\\0\\0\\004\\0\\0\\0\\377\\377\\377\\377' >&3",
	};
	struct fixture *f = *state;
	char script[512];

	for (size_t i = 0; i < sizeof(scripts) / sizeof(*scripts); i++) {
		snprintf(script, sizeof(script), "%s; " SLEEP, scripts[i]);
		assert_int_equal(run_script(f, script), BCC_ERR_COMPILER);
		assert_says(f, "does not understand");
	}
}

/* With a header tree: types that are none, and questions before there are any. */
static void test_bad_btf(void **state)
{
	static const struct {
		const char *script, *says;
	} cases[] = {
		{ "printf '\\026\\0\\0\\0\\004\\0\\0\\0\\0\\0\\0\\0' >&3; " SLEEP, "does not understand" },
		{ "printf '\\026\\0\\0\\0\\010\\0\\0\\0\\004\\0\\0\\0\\237\\353\\001\\0' >&3; " SLEEP,
		  "does not understand" },
		/* That is a question; what is answered has to be read, see below. */
		{ "printf '\\021\\0\\0\\0\\014\\0\\0\\0" ZEROS12 "' >&3; timeout 1 cat <&3 >/dev/null",
		  "made no types" },
	};
	struct fixture *f = *state;
	BCC_OPTS(bcc_context_opts, opts, .compiler_path = f->compiler,
		 .kernel_headers = TEST_DATA "/../../fixtures/headers/linux-headers-5.8.7-tiny");

#if !defined(__x86_64__)
	skip(); /* the tree is for it */
#endif
	bcc_context_destroy(f->ctx);
	assert_int_equal(bcc_context_create(&opts, &f->ctx), 0);
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		assert_int_equal(run_script(f, cases[i].script), BCC_ERR_COMPILER);
		assert_says(f, cases[i].says);
	}
	opts.btf_path = "/sys/kernel/btf/vmlinux";
	assert_int_equal(bcc_context_create(&opts, &f->ctx), -EINVAL);
}

/* A frame that is cut off by the end of the compiler. */
static void test_cut_off(void **state)
{
	struct fixture *f = *state;

	assert_int_equal(run_script(f, "printf '\\024\\0\\0\\0\\144\\0\\0\\0abc' >&3"),
			 BCC_ERR_COMPILER);
	assert_says(f, "before it was done");
}

/* A failure that says nothing must not look like one that did. */
static void test_silent_failure(void **state)
{
	struct fixture *f = *state;

	/* The job is read first: what was sent is lost when the reader of the job hangs up. */
	assert_int_equal(run_script(f, "timeout 1 cat <&3 >/dev/null\n"
				    "printf '\\025\\0\\0\\0\\064\\0\\0\\0\\001\\0\\0\\0" TIMES
				    "' >&3"),
			 BCC_ERR_COMPILER);
	assert_says(f, "without saying why");
}

/* Only 0 to 3 reach the compiler, and no environment. */
static void test_clean_child(void **state)
{
	struct fixture *f = *state;
	int fd = fcntl(STDERR_FILENO, F_DUPFD, 55), err;
	const char *log;

	setenv("BCC_TEST_MARK", "here", 1);
	err = run_script(f, "[ -e /proc/$$/fd/55 ] && echo leaked >&2\n"
			    "echo \"[$BCC_TEST_MARK]\" >&2; exit 9");
	close(fd);
	unsetenv("BCC_TEST_MARK");
	assert_int_equal(err, BCC_ERR_COMPILER);
	log = bcc_diag_log(bcc_diag_get(f->ctx, 0));
	assert_non_null(log);
	assert_string_equal(log, "[]\n");
}

/* A caller without standard descriptors: ours must not be taken for them. */
static void test_no_standard_fds(void **state)
{
	struct fixture *f = *state;
	const char *log;
	int status, err;
	pid_t pid;

	write_script(f, "echo some words >&2; exit 9", 0755);
	pid = fork();
	if (!pid) {
		for (int fd = 0; fd < 8; fd++)
			close(fd);
		err = compile(f, NULL);
		log = bcc_diag_log(bcc_diag_get(f->ctx, 0));
		_exit(err == BCC_ERR_COMPILER && log && !strcmp(log, "some words\n") ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status) && !WEXITSTATUS(status));
}

static void test_timeout(void **state)
{
	struct fixture *f = *state;
	struct frame_header header;
	struct process p;
	struct frame frame;
	char *payload, *megabytes = calloc(1, 4 << 20);

	write_script(f, "exec sleep 100", 0755);
	assert_int_equal(process_start(&p, f->compiler, 100), 0);
	assert_int_equal(process_receive(&p, &header, &payload), -ETIMEDOUT);
	process_free(&p);
	/* One that does not read either. */
	assert_int_equal(process_start(&p, f->compiler, 100), 0);
	frame_start(&frame, FRAME_JOB);
	frame_bytes(&frame, megabytes, 4 << 20);
	assert_int_equal(frame_finish(&frame), 0);
	assert_int_equal(process_send(&p, &frame), -ETIMEDOUT);
	frame_free(&frame);
	process_free(&p);
	free(megabytes);
}

/* --- with the real compiler --- */

static int compile_for_real(const char *text, struct compile_result *res, struct bcc_context *ctx)
{
	const char *const cflags[] = { "-DANSWER=42", NULL };
	const struct compile_request rq = {
		.text = text,
		.text_size = strlen(text),
		.name = "text.c",
		.cflags = cflags,
	};

	return compile_run(ctx, &rq, res);
}

static struct bcc_context *real_context(void)
{
	char *path = process_locate("bcc-compiler");
	struct bcc_context *ctx;
	bool there = path && !access(path, X_OK);

	free(path);
	if (!there)
		skip();
	assert_int_equal(bcc_context_create(NULL, &ctx), 0);
	return ctx;
}

static void test_real(void **state)
{
	struct bcc_context *ctx = real_context();
	struct compile_result res = { 0 };

	(void)state;
	assert_int_equal(compile_for_real("BPF_HASH(t, u32);\n"
					  "int f(void *ctx) { t.increment(ANSWER); return 0; }\n",
					  &res, ctx), 0);
	assert_int_equal(bcc_diag_count(ctx), 0);
	assert_non_null(strstr(res.rewritten, "BPF_MAP_TYPE_HASH"));
	assert_true(res.object_size > 64);
	assert_memory_equal(res.object, "\177ELF\2\1\1", 7);
	compile_result_free(&res);
	bcc_context_destroy(ctx);
}

static void test_real_error(void **state)
{
	struct bcc_context *ctx = real_context();
	const struct bcc_diag *diag = NULL;
	struct compile_result res = { 0 };

	(void)state;
	assert_int_equal(compile_for_real("#define SUM(a) (a + nothing)\n\n"
					  "int f(void *ctx) { return SUM(1); }\n",
					  &res, ctx), BCC_ERR_COMPILE);
	for (size_t i = 0; i < bcc_diag_count(ctx) && !diag; i++)
		if (bcc_diag_severity(bcc_diag_get(ctx, i)) == BCC_ERROR)
			diag = bcc_diag_get(ctx, i);
	assert_non_null(diag);
	assert_string_equal(bcc_diag_file(diag), "text.c");
	assert_int_equal(bcc_diag_line(diag), 3);
	assert_string_equal(bcc_diag_source_line(diag), "int f(void *ctx) { return SUM(1); }");
	assert_null(res.object);
	bcc_context_destroy(ctx);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_flags, setup, teardown),
		cmocka_unit_test_setup_teardown(test_missing, setup, teardown),
		cmocka_unit_test_setup_teardown(test_too_large, setup, teardown),
		cmocka_unit_test_setup_teardown(test_crash, setup, teardown),
		cmocka_unit_test_setup_teardown(test_exit, setup, teardown),
		cmocka_unit_test_setup_teardown(test_hang_up, setup, teardown),
		cmocka_unit_test_setup_teardown(test_nonsense, setup, teardown),
		cmocka_unit_test_setup_teardown(test_bad_btf, setup, teardown),
		cmocka_unit_test_setup_teardown(test_cut_off, setup, teardown),
		cmocka_unit_test_setup_teardown(test_silent_failure, setup, teardown),
		cmocka_unit_test_setup_teardown(test_clean_child, setup, teardown),
		cmocka_unit_test_setup_teardown(test_no_standard_fds, setup, teardown),
		cmocka_unit_test_setup_teardown(test_timeout, setup, teardown),
		cmocka_unit_test(test_real),
		cmocka_unit_test(test_real_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
