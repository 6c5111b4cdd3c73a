/*
 * The version of the running kernel as the number that its LINUX_VERSION_CODE is. Distributions
 * hide it: Debian's and Ubuntu's uname -r has the version they branched from, so the true one is
 * looked for first where they tell it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "kernel/internal.h"

#define UBUNTU_SIGNATURE "/proc/version_signature" /* "Ubuntu 5.4.0-12.15-generic 5.4.8" */

/* "A.B.C" or "A.B" at the start of a text; 0 when it is none. */
static uint32_t parse(const char *text)
{
	unsigned a, b, c = 0;

	if (!text || sscanf(text, "%3u.%5u.%5u", &a, &b, &c) < 2 || a > 0xffff || b > 255)
		return 0;
	/* Stable kernels went beyond 255; the macro stays there. */
	return (uint32_t)a << 16 | b << 8 | (c > 255 ? 255 : c);
}

static const char *after(const char *text, const char *mark)
{
	const char *at = text ? strstr(text, mark) : NULL;

	return at ? at + strlen(mark) : NULL;
}

uint32_t kernel_version_parse(const char *release, const char *version, const char *signature)
{
	const char *ubuntu = after(signature, "Ubuntu ");
	uint32_t code = parse(after(version, "Debian "));

	if (!code)
		code = parse(after(ubuntu, " "));
	return code ? code : parse(release);
}

uint32_t kernel_version_code(void)
{
	char *signature = ktext_read_file(UBUNTU_SIGNATURE, NULL);
	struct utsname name;
	uint32_t code = 0;

	if (!uname(&name))
		code = kernel_version_parse(name.release, name.version, signature);
	free(signature);
	return code;
}
