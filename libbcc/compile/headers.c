/*
 * Is a directory a kernel's header tree, of this machine's architecture and configured? Asked before
 * the compiler is started, because here it can be said what is wrong and where to get a good one.
 *
 * Distributions split the tree: the directory that they mean to be used has what the build made, and
 * the kernel's own headers are in another one, which lies beside it or is named in its Makefile.
 */
#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "compile/internal.h"
#include "kernel/text.h"

#define MAX_FILE (16 << 20)

static const char where[] =
	"give a configured source tree, or what a distribution's header package installs: on "
	"Debian /usr/src/linux-headers-VERSION-amd64, in general /lib/modules/VERSION/build";

/* The directory below arch/, and the macro that its configurations have. */
static const struct {
	const char *arch, *macro, *name;
} archs[] = {
#if defined(__x86_64__)
#define THIS "x86-64"
	{ "x86", "CONFIG_X86_64", THIS },
#elif defined(__aarch64__)
#define THIS "arm64"
	{ "arm64", "CONFIG_ARM64", THIS },
#elif defined(__powerpc64__)
#define THIS "powerpc64"
	{ "powerpc", "CONFIG_PPC64", THIS },
#elif defined(__riscv)
#define THIS "riscv"
	{ "riscv", "CONFIG_RISCV", THIS },
#elif defined(__loongarch__)
#define THIS "loongarch"
	{ "loongarch", "CONFIG_LOONGARCH", THIS },
#else
#define THIS "this architecture"
	{ "", "", THIS }, /* header trees cannot be used */
#endif
	/* Others, for the message. */
	{ "x86", "CONFIG_X86_64", "x86-64" },
	{ "x86", "CONFIG_X86_32", "32-bit x86" },
	{ "arm64", "CONFIG_ARM64", "arm64" },
	{ "arm", "CONFIG_ARM", "32-bit arm" },
	{ "powerpc", "CONFIG_PPC", "powerpc" },
	{ "riscv", "CONFIG_RISCV", "riscv" },
	{ "s390", "CONFIG_S390", "s390" },
	{ "loongarch", "CONFIG_LOONGARCH", "loongarch" },
	{ "mips", "CONFIG_MIPS", "mips" },
};

__attribute__((format(printf, 1, 2)))
static bool exists(const char *fmt, ...)
{
	char path[PATH_MAX];
	struct stat st;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(path, sizeof(path), fmt, args);
	va_end(args);
	return n > 0 && n < (int)sizeof(path) && !stat(path, &st);
}

/* The text of a regular file of sane size, malloc()ed; NULL otherwise. */
static char *read_text(const char *path)
{
	struct stat st;

	if (stat(path, &st) || !S_ISREG(st.st_mode) || st.st_size > MAX_FILE)
		return NULL;
	return ktext_read_file(path, NULL);
}

/* The value of "#define NAME VALUE" at the start of a line; NULL when there is none. */
static const char *find_macro(const char *text, const char *name)
{
	static const char word[] = "#define ";
	size_t length = strlen(name);

	for (const char *p = text; p; p = strchr(p, '\n'), p += p ? 1 : 0) {
		if (strncmp(p, word, sizeof(word) - 1))
			continue;
		p += sizeof(word) - 1;
		if (!strncmp(p, name, length) && p[length] == ' ')
			return p + length + 1;
	}
	return NULL;
}

static unsigned macro_number(const char *text, const char *name)
{
	const char *value = find_macro(text, name);

	return value ? (unsigned)strtoul(value, NULL, 0) : 0;
}

/* --- the two parts --- */

static bool is_source(const char *path)
{
	return exists("%s/include/linux/kconfig.h", path);
}

/* Takes the directory as the source when it is one. */
__attribute__((format(printf, 2, 3)))
static bool take_source(struct header_tree *tree, const char *fmt, ...)
{
	char path[PATH_MAX];
	va_list args;
	int n;

	va_start(args, fmt);
	n = vsnprintf(path, sizeof(path), fmt, args);
	va_end(args);
	if (n > 0 && n < (int)sizeof(path) && is_source(path))
		tree->source = realpath(path, NULL);
	return tree->source;
}

/* "linux-headers-6.1.0-56-cloud-amd64" lies beside "linux-headers-6.1.0-56-common": the kernel's
 * version is what is left when the flavour's words are taken off. */
static bool source_beside(struct header_tree *tree)
{
	char path[PATH_MAX], *dash, *slash;
	static const char *const tails[] = { "-common", "-common-rt" };

	if (strlen(tree->build) >= sizeof(path))
		return false;
	strcpy(path, tree->build);
	slash = strrchr(path, '/');
	while ((dash = strrchr(path, '-')) && dash > slash) {
		*dash = '\0';
		for (size_t i = 0; i < sizeof(tails) / sizeof(*tails); i++)
			if (take_source(tree, "%s%s", path, tails[i]))
				return true;
	}
	return false;
}

/* A made directory's Makefile is one line: "include SOURCE/Makefile". */
static bool source_in_makefile(struct header_tree *tree)
{
	char path[PATH_MAX], *text, *at, *end;
	static const char word[] = "include ";
	bool found = false;

	if (snprintf(path, sizeof(path), "%s/Makefile", tree->build) >= (int)sizeof(path))
		return false;
	text = read_text(path);
	for (at = text; at && !found; at = strchr(at, '\n'), at += at ? 1 : 0) {
		if (strncmp(at, word, sizeof(word) - 1))
			continue;
		at += sizeof(word) - 1;
		end = at + strcspn(at, "\r\n");
		if (end - at < 9 || strncmp(end - 9, "/Makefile", 9))
			continue;
		found = *at == '/' ? take_source(tree, "%.*s", (int)(end - 9 - at), at)
				   : take_source(tree, "%s/%.*s", tree->build, (int)(end - 9 - at),
						 at);
	}
	free(text);
	return found;
}

static bool find_source(struct header_tree *tree)
{
	return take_source(tree, "%s", tree->build) || take_source(tree, "%s/source", tree->build) ||
	       source_beside(tree) || source_in_makefile(tree);
}

/* --- what it is --- */

static int not_a_tree(struct bcc_context *ctx, const char *path, const struct header_tree *tree)
{
	if (tree->source || is_source(tree->build))
		return diag_fail_hint(ctx, -EINVAL, "kernel-headers",
				      strstr(path, "-common")
					      ? "this is the part that all flavours of a kernel "
						"share; give the directory beside it that names one, "
						"such as ...-amd64"
					      : "run `make olddefconfig modules_prepare` in it, or "
						"give /lib/modules/VERSION/build",
				      "the kernel headers in %s are not configured: there is no "
				      "include/generated/autoconf.h", path);
	return diag_fail_hint(ctx, -EINVAL, "kernel-headers", where,
			      "%s is not a tree of kernel headers", path);
}

static int check_arch(struct bcc_context *ctx, const char *path, const char *config,
		      struct header_tree *tree)
{
	const char *other = "another architecture";

	if (*archs[0].arch && find_macro(config, archs[0].macro)) {
		tree->arch = archs[0].arch;
		if (exists("%s/arch/%s/include", tree->source, tree->arch) &&
		    exists("%s/arch/%s/include/generated", tree->build, tree->arch))
			return 0;
		return diag_fail_hint(ctx, -EINVAL, "kernel-headers", where,
				      "the kernel headers in %s are incomplete: arch/%s/include is "
				      "missing", path, tree->arch);
	}
	for (size_t i = sizeof(archs) / sizeof(*archs) - 1; i > 0; i--)
		if (find_macro(config, archs[i].macro))
			other = archs[i].name;
	return diag_fail_hint(ctx, -EINVAL, "kernel-headers",
			      "programs are compiled for the architecture that bpfcc runs on",
			      "the kernel headers in %s are for %s, and this machine is " THIS, path,
			      other);
}

static int check_config(struct bcc_context *ctx, const char *path, struct header_tree *tree)
{
	char *config = read_text(tree->config);
	int err;

	if (!config)
		return diag_fail_hint(ctx, -EINVAL, "kernel-headers", where,
				      "%s cannot be read", tree->config);
	err = check_arch(ctx, path, config, tree);
	if (!err && (find_macro(config, "CONFIG_RANDSTRUCT") ||
		     find_macro(config, "CONFIG_GCC_PLUGIN_RANDSTRUCT")))
		err = diag_fail_hint(ctx, -EINVAL, "kernel-headers",
				     "only such a kernel's own BTF knows its layout: leave "
				     "kernel headers out",
				     "the kernel of %s has its structs shuffled by the compiler "
				     "(CONFIG_RANDSTRUCT)", path);
	tree->page_shift = macro_number(config, "CONFIG_PAGE_SHIFT");
	if (!tree->page_shift)
		tree->page_shift = macro_number(config, "CONFIG_ARM64_PAGE_SHIFT");
	free(config);
	return err;
}

static int read_version(struct bcc_context *ctx, const char *path, struct header_tree *tree)
{
	char name[PATH_MAX], *text = NULL;

	if (snprintf(name, sizeof(name), "%s/include/generated/uapi/linux/version.h",
		     tree->build) < (int)sizeof(name))
		text = read_text(name);
	tree->version = text ? macro_number(text, "LINUX_VERSION_CODE") : 0;
	free(text);
	if (tree->version)
		return 0;
	return diag_fail_hint(ctx, -EINVAL, "kernel-headers", where,
			      "the kernel headers in %s do not tell their version: there is no "
			      "LINUX_VERSION_CODE in include/generated/uapi/linux/version.h", path);
}

int header_tree_open(struct bcc_context *ctx, const char *path, struct header_tree *out)
{
	struct header_tree tree = { .build = realpath(path, NULL) };
	int err = 0;

	if (!tree.build)
		return diag_fail_hint(ctx, -errno, "kernel-headers", where,
				      "the kernel headers in %s cannot be opened: %s", path,
				      bcc_strerror(-errno));
	if (asprintf(&tree.config, "%s/include/generated/autoconf.h", tree.build) < 0) {
		tree.config = NULL;
		err = diag_fail(ctx, -ENOMEM, "memory", "out of memory");
	} else if (!exists("%s", tree.config)) {
		err = not_a_tree(ctx, path, &tree);
	} else if (!find_source(&tree)) {
		err = diag_fail_hint(ctx, -EINVAL, "kernel-headers",
				     "install the package that it depends on too (on Debian "
				     "linux-headers-VERSION-common), or unpack it beside this one",
				     "the kernel headers in %s are only the part that a build "
				     "makes: include/linux is found neither in it, nor beside it, "
				     "nor through its Makefile", path);
	}
	if (!err)
		err = check_config(ctx, path, &tree);
	if (!err)
		err = read_version(ctx, path, &tree);
	if (err)
		header_tree_free(&tree);
	else
		*out = tree;
	return err;
}

void header_tree_free(struct header_tree *tree)
{
	free(tree->build);
	free(tree->source);
	free(tree->config);
}
