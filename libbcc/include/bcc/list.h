/*
 * bcc/list.h - what there is to attach to: hooks of all kinds by a glob, with their arguments.
 *
 * Needs no privileges where the kernel asks for none: functions, raw tracepoints and what binaries
 * have are known to everybody. Where something is hidden (tracefs), a note in the diagnostics says
 * what the list then is.
 */
#ifndef BCC_LIST_H
#define BCC_LIST_H

#include <bcc/common.h>

BCC_EXTERN_C_BEGIN

/* One argument, as programs on the hook get it. */
struct bcc_hook_arg {
	const char *name; /* "" when it has none */
	const char *type; /* in C: "struct sock *", "char[16]" */
	const char *text; /* both, as C declares it: "struct sock *sk", "char comm[16]" */
	const char *where; /* usdt: the place as the note has it, "-4@%eax"; NULL otherwise */
};

/* One hook. It may grow at its end: use it where it is, do not copy it. */
struct bcc_hook_info {
	const char *hook;   /* as bcc_program_attach() takes it: "kprobe:tcp_connect". A part that the
			       caller is to fill in is in capitals: "perf:cpu-clock:freq=HZ" */
	const char *kind;   /* what is before its first colon */
	const char *module; /* of a function outside the kernel itself, or NULL */
	const char *note;   /* what to know before using it, or NULL */
	const struct bcc_hook_arg *args;
	size_t n_args;
	bool args_known;    /* false: nobody says, or nobody asked (bcc_list_opts.args) */
	const char *result; /* the type of what a function returns; NULL: unknown */
};

/* Return 0 to go on, anything else to end the list; what was handed in is valid until then. */
typedef int (*bcc_hook_fn)(void *data, const struct bcc_hook_info *hook);

struct bcc_list_opts {
	size_t size;
	bool args; /* find out arguments and results, too */
	int pid;   /* uprobe, usdt: what this process has mapped, for globs that name no binary */
};

BCC_API void bcc_list_opts_init(struct bcc_list_opts *opts);

/*
 * Hands every hook that matches the glob to fn, kind by kind, sorted within each.
 *
 * The glob is a hook string in which * stands for any text and ? for any character: "kprobe:tcp_*",
 * "tracepoint:sched:*", "*:*sleep*". Without a second colon the text after the kind is compared with
 * the hook's last part, too: "tracepoint:sched_*". Without any, it is "*:" and the text. Functions of
 * a binary need its name in full: "uprobe:c:*alloc", "usdt:/usr/bin/python3:*". Functions on which
 * the kernel allows no probe are left out, as far as it tells this user.
 *
 * Returns how many there were, or a negative error: -EINVAL (an empty glob, a kind that there is not),
 * -ENOENT (no such binary), -ESRCH (no such process), -ENOMEM, or what fn returned if it is negative.
 */
BCC_API int bcc_hooks_list(struct bcc_context *ctx, const char *glob,
			   const struct bcc_list_opts *opts, bcc_hook_fn fn, void *data);

BCC_EXTERN_C_END

#endif
