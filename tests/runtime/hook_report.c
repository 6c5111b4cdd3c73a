/*
 * Every runtime test says which hooks it attached to and how: a line "hook: KIND | MECHANISM" each
 * time. tests/vm/hook-table makes the table in docs/ of them. The linker puts this in front of the
 * library's own function (--wrap).
 */
#include <stdio.h>
#include <string.h>

#include <bcc/bcc.h>

int __real_bcc_program_attach(struct bcc_program *prog, const char *hook,
			      const struct bcc_attach_opts *opts, struct bcc_link **out);
int __wrap_bcc_program_attach(struct bcc_program *prog, const char *hook,
			      const struct bcc_attach_opts *opts, struct bcc_link **out);

/* The part of the hook that says what kind it is: for some the last word belongs to it. */
static void print_kind(const char *hook)
{
	size_t kind = strcspn(hook, ":");
	const char *last = strrchr(hook, ':');

	printf("hook: %.*s", (int)kind, hook);
	if (!strncmp(hook, "cgroup:", 7) || !strncmp(hook, "sk_skb:", 7))
		printf(" %s", last + 1);
	else if (!strncmp(hook, "perf:", 5) || !strncmp(hook, "iter:", 5))
		printf(" %.*s", (int)strcspn(hook + 5, ":"), hook + 5);
	else if (strpbrk(hook, "*?[") && strncmp(hook, "uprobe:/", 8))
		printf(" (glob)");
}

int __wrap_bcc_program_attach(struct bcc_program *prog, const char *hook,
			      const struct bcc_attach_opts *opts, struct bcc_link **out)
{
	struct bcc_link *link = NULL;
	int err = __real_bcc_program_attach(prog, hook, opts, &link);

	if (!err) {
		print_kind(bcc_link_hook(link));
		printf(" | %s\n", bcc_link_mechanism(link));
		fflush(stdout);
	}
	if (out)
		*out = link;
	return err;
}
