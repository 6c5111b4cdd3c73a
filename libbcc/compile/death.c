/*
 * Why a compiler ended before its job was done, in words. What is the text's fault (it took too
 * long, or LLVM gave up on it after saying why) is BCC_ERR_COMPILE; all else is BCC_ERR_COMPILER.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "compile/internal.h"

/* Completes an error about the compiler itself with what it wrote to stderr. */
static int fail_with_log(struct compile *c, const char *hint, const char *message)
{
	char *log = process_log(&c->process);
	struct bcc_diag *diag;

	diag = diag_add(c->ctx, BCC_ERROR, "compiler", "%s", message);
	if (hint)
		diag_hint(diag, "%s", hint);
	if (log)
		diag_log(diag, log);
	diag_done(c->ctx, diag);
	free(log);
	return BCC_ERR_COMPILER;
}

static int killed(struct compile *c, int signal)
{
	const char *name = sigabbrev_np(signal), *hint = NULL;
	char message[128];

	if (signal == SIGXCPU)
		return diag_fail_hint(c->ctx, BCC_ERR_COMPILE, "too-slow",
				      "look for macros that expand to each other many times, and "
				      "for large loops that are unrolled",
				      "compiling took too much processor time and was stopped");
	if (signal == SIGSEGV)
		hint = "expressions or types that nest very deeply can do this; if that is not "
		       "it, please report it together with the text";
	else if (signal != SIGKILL && signal != SIGTERM && signal != SIGINT)
		hint = "please report it together with the text";
	snprintf(message, sizeof(message), "the compiler was ended by signal SIG%s",
		 name ? name : "?");
	return fail_with_log(c, hint, message);
}

static int exited(struct compile *c, const char *path, int status)
{
	char message[4200];

	/* After a fatal error of LLVM, which it has reported. */
	if (status == 1 && c->errors)
		return BCC_ERR_COMPILE;
	if (status == 127) {
		snprintf(message, sizeof(message), "the compiler program %s cannot start", path);
		return fail_with_log(c, "install the LLVM libraries that it was built with (for "
				     "LLVM 19, Debian calls them libllvm19 and libclang1-19)",
				     message);
	}
	snprintf(message, sizeof(message),
		 "the compiler program %s ended before it was done (exit status %d)", path,
		 status);
	return fail_with_log(c, "it must be of the same version as this library", message);
}

int explain_death(struct compile *c, const char *path, int err)
{
	int status = c->process.status;

	if (err == -ETIMEDOUT)
		return fail_with_log(c, NULL,
				     "the compiler did not answer in time and was stopped");
	if (err == -EPROTO)
		return fail_with_log(c, "it must be of the same version as this library",
				     "the compiler sent what this library does not understand");
	if (err != -ECONNRESET)
		return diag_fail(c->ctx, err, "compiler", "speaking to the compiler failed: %s",
				 bcc_strerror(err));
	if (status != -1 && WIFSIGNALED(status) && !c->process.killed)
		return killed(c, WTERMSIG(status));
	if (status != -1 && WIFEXITED(status))
		return exited(c, path, WEXITSTATUS(status));
	return fail_with_log(c, NULL, "the compiler hung up before it was done");
}
