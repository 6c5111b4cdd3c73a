/*
 * One list in the making, between list.c (the glob, the table of kinds) and the files that each know
 * where a few kinds of hooks are to be found. A new kind is one line in list.c.
 */
#ifndef BCC_LIST_LIST_H
#define BCC_LIST_LIST_H

#include <bcc/list.h>

#include "context/context.h"
#include "kernel/btf.h"
#include "kernel/describe.h"
#include "kernel/kernel.h"

struct functions;

struct listing {
	struct bcc_context *ctx;
	struct kernel *kernel;
	const struct list_kind *kind; /* being listed now */
	const char *glob;             /* of what is behind the kind */
	bool args;
	int pid;
	bcc_hook_fn fn;
	void *data;
	int count;
	bool named;                   /* the glob names this kind, so what hinders is worth a note */
	struct functions *functions;  /* functions.c; NULL until asked for */
};

struct list_kind {
	const char *name;
	int (*list)(struct listing *l);
	bool of_binaries; /* only listed when asked for by name */
};

/* Arguments of one hook. All texts are owned. */
struct hook_args {
	struct bcc_hook_arg *list;
	size_t n;
	char *result;
	bool known;
	bool failed; /* memory ran out: emitting says so */
};

/* list.c: bcc_hooks_list() inside of another call: adds to its diagnostics. */
int list_run(struct bcc_context *ctx, const char *glob, int pid, bcc_hook_fn fn, void *data);

/* glob.c: * is any text, ? any character. */
bool glob_match(const char *glob, const char *text);

/* Whether the hook "KIND:rest" is asked for. */
bool list_wants(const struct listing *l, const char *rest);

/* Hands out "KIND:rest" and takes args (may be NULL), which it frees. Not zero: end the list. */
int list_emit(struct listing *l, const char *rest, const char *module, const char *note,
	      struct hook_args *args);
/* The same for a whole hook string. */
int list_emit_hook(struct listing *l, const char *hook, const char *module, const char *note,
		   struct hook_args *args);

/* A note among the diagnostics. */
__attribute__((format(printf, 3, 4)))
void list_note(struct listing *l, const char *code, const char *fmt, ...);

/* args.c: an argument; texts are copied, where may be NULL. */
void args_add(struct hook_args *args, const char *name, const char *type, const char *text,
	      const char *where);
/* The parameters of a BTF function prototype from the one with number first on, and its result. */
void args_of_proto(struct hook_args *args, const struct kbtf *btf, uint32_t proto, uint32_t first);
/* The members of a BTF struct from the one with number first on. */
void args_of_record(struct hook_args *args, const struct kbtf *btf, uint32_t record, uint32_t first);
/* The fields of a tracepoint's format from the byte first on. */
void args_of_format(struct hook_args *args, const char *text, uint32_t first);
void args_free(struct hook_args *args);

/* functions.c, calls.c: kprobe, kretprobe, fentry, fexit; ksyscall, kretsyscall. */
int list_kprobes(struct listing *l);
int list_trampolines(struct listing *l);
int list_syscalls(struct listing *l);
void functions_free(struct functions *f);

/* events.c */
int list_tracepoints(struct listing *l);
int list_raw_tracepoints(struct listing *l);
int list_iterators(struct listing *l);
int list_lsm(struct listing *l);

/* user.c */
int list_uprobes(struct listing *l);
int list_usdt(struct listing *l);

/* fixed.c: software events; every other kind of attach/hook.c, as it is written. */
int list_perf(struct listing *l);

#endif
