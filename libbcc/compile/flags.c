/*
 * Which flags a text may be compiled with: those that define macros, name directories and headers,
 * choose warnings, the dialect of C and the BPF instruction set. Anything else could load code into
 * the compiler, write files, or change what the object means.
 */
#include <errno.h>
#include <string.h>

#include "compile/internal.h"

static bool starts(const char *text, const char *prefix)
{
	return !strncmp(text, prefix, strlen(prefix));
}

/* Flags whose value may be joined to them or be the next one. */
static const char *const with_value[] = { "-D", "-U", "-isystem", "-include", "-I" };

/*
 * The flag of with_value[] that this is, or NULL. No joined value may begin with '-': that would be
 * another flag, such as -include-pch.
 */
static const char *value_flag(const char *flag)
{
	for (size_t i = 0; i < sizeof(with_value) / sizeof(*with_value); i++)
		if (starts(flag, with_value[i]) && flag[strlen(with_value[i])] != '-')
			return with_value[i];
	return NULL;
}

/* "-g", "-O2": the letter and at most one more character. */
static bool is_level(const char *flag, const char *name, const char *levels)
{
	if (!starts(flag, name))
		return false;
	flag += strlen(name);
	return !*flag || (strchr(levels, *flag) && !flag[1]);
}

static bool is_plain(const char *flag)
{
	/* -Wl, -Wa, and -Wp, hand options to other tools. */
	if (starts(flag, "-W"))
		return !strchr(flag, ',');
	return (starts(flag, "-std=") && flag[5]) || (starts(flag, "-mcpu=") && flag[6]) ||
	       is_level(flag, "-O", "0123sz") || is_level(flag, "-g", "0123");
}

int check_flags(struct bcc_context *ctx, const char *const *cflags)
{
	for (; cflags && *cflags; cflags++) {
		const char *flag = value_flag(*cflags);

		if (flag) {
			if ((*cflags)[strlen(flag)])
				continue;
			if (!*++cflags)
				return diag_fail(ctx, -EINVAL, "flag",
						 "the flag %s lacks its value", flag);
			continue;
		}
		if (!is_plain(*cflags))
			return diag_fail_hint(ctx, -EINVAL, "flag",
					      "allowed are -D, -U, -I, -isystem, -include, "
					      "-W..., -std=, -O, -g and -mcpu=",
					      "the flag '%s' is not allowed", *cflags);
	}
	return 0;
}
