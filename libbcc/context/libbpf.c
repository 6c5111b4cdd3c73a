/*
 * Where libbpf's voice goes. libbpf has one print callback per process image and hands it no user
 * data, so the call that is now in progress has to be found through a thread-local pointer: the one
 * exception to "no globals in the library". It is set for the length of one call only, so contexts
 * of different threads do not meet. Our copy of libbpf is linked in and hidden, so its callback is
 * ours alone; a program with a libbpf of its own keeps its own callback.
 *
 * __wrap_stderr is what the linker puts in place of libbpf's reference to stderr (see
 * libbcc/CMakeLists.txt). libbpf uses it in its default callback only, which the constructor below
 * has replaced before any call.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/libbpf.h>
#include <bcc/common.h>

#include "context/libbpf.h"

#define MAX_SAID (64 * 1024) /* a verifier log has its own buffer; this is for warnings */

FILE *__wrap_stderr;

static _Thread_local struct libbpf_call *current;

/*
 * What does not help: advice that libbpf gives for every EPERM of root, and what it says about BTF
 * that the kernel does not take, which it then goes on without.
 */
static bool misleading(const char *line)
{
	static const char *const marks[] = {
		"raising 'ulimit -l'", "RLIMIT_MEMLOCK", "BTF loading error", "BEGIN BTF LOAD LOG",
		"BTF is optional",
	};

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (strstr(line, marks[i]))
			return true;
	return false;
}

static int collect(enum libbpf_print_level level, const char *fmt, va_list args)
{
	static const char prefix[] = "libbpf: ";
	struct libbpf_call *call = current;
	char *line, *from, *grown;
	size_t size;

	if (!call || level != LIBBPF_WARN || call->size > MAX_SAID ||
	    vasprintf(&line, fmt, args) < 0)
		return 0;
	from = strncmp(line, prefix, sizeof(prefix) - 1) ? line : line + sizeof(prefix) - 1;
	size = strnlen(from, MAX_SAID);
	grown = misleading(from) ? NULL : realloc(call->text, call->size + size + 1);
	if (grown) {
		memcpy(grown + call->size, from, size);
		call->text = grown;
		call->size += size;
		call->text[call->size] = '\0';
	}
	free(line);
	return 0;
}

__attribute__((constructor)) static void take_over(void)
{
	libbpf_set_print(collect);
}

void libbpf_enter(struct libbpf_call *call)
{
	*call = (struct libbpf_call){ .outer = current };
	current = call;
}

void libbpf_leave(struct libbpf_call *call)
{
	current = call->outer;
}

const char *libbpf_said(const struct libbpf_call *call)
{
	return call->text;
}

void libbpf_call_free(struct libbpf_call *call)
{
	free(call->text);
	call->text = NULL;
	call->size = 0;
}

int libbpf_error(int err)
{
	if (err > -__LIBBPF_ERRNO__START || err <= -__LIBBPF_ERRNO__END)
		return err;
	switch (-err) {
	case LIBBPF_ERRNO__VERIFY:
		return BCC_ERR_VERIFIER;
	case LIBBPF_ERRNO__KVERSION:
	case LIBBPF_ERRNO__KVER:
	case LIBBPF_ERRNO__PROGTYPE:
		return BCC_ERR_KERNEL;
	case LIBBPF_ERRNO__PROG2BIG:
		return -E2BIG;
	default:
		return -EINVAL;
	}
}
