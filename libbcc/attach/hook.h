/*
 * Hooks: one parsed hook string, and the kinds of hooks behind one table of functions.
 *
 * A new kind is one file that defines a struct hook_kind, and one line in attach/hook.c.
 */
#ifndef BCC_ATTACH_HOOK_H
#define BCC_ATTACH_HOOK_H

#include "kernel/kernel.h"
#include "object/load.h"
#include "object/module.h"

struct hook_kind;

/* One hook, alternatives already split. Texts are owned; see hook_free(). */
struct hook {
	const struct hook_kind *kind;
	struct bcc_program *prog;
	struct bcc_context *ctx;
	struct bcc_attach_opts opts;
	char *text; /* without blanks around it: "kprobe:vfs_read+8" */
	char *arg;  /* behind the kind: "vfs_read+8"; the kind's parse() may cut it up */
	/* What parse() found: which part is what is the kind's business. */
	char *name;      /* function, event, symbol */
	char *group;     /* category, binary */
	uint64_t number; /* offset, frequency, period */
	bool flag;       /* the number is a frequency, an address */
	bool is_glob;    /* the name stands for more than one */
	bool sleepable;  /* the kind was written with ".s" behind it */
};

struct attachment;

/*
 * What closing descriptors does not take back: a kind's own struct begins with this one, is
 * malloc()ed and belongs to the attachment, which calls it once, before it closes its descriptors. It
 * fails with a diagnostic.
 */
struct undo {
	int (*run)(struct undo *undo, const struct attachment *a);
};

/* What attaching made: the descriptors that hold the hook, and how it was done (static text). */
struct attachment {
	int *fds;
	size_t n;
	const char *mechanism;
	char *why; /* why this mechanism and not the first choice, malloc()ed; NULL: it is that */
	struct undo *undo; /* or NULL */
	bool has_socket;   /* socket.c: what bcc_link_socket() gives */
	int socket;
	uint32_t *specs; /* usdt.c: those of the module's that are in use here */
	size_t n_specs;
};

struct hook_kind {
	const char *name; /* before the first colon */
	const char *form; /* how it is written, for messages: "tracepoint:CATEGORY:EVENT" */
	const char *what; /* what a name stands for: "tracepoint", "function" */
	enum kernel_names names; /* where near names are found when it does not exist */
	bool sleepable; /* there are programs of the kind that may wait: "NAME.s:" */
	bool bare;    /* the name alone is a hook as well; arg is "" then */
	bool network; /* attaching needs CAP_NET_ADMIN, too */

	/* Takes arg apart; -EINVAL when it is malformed (the caller makes the diagnostic). */
	int (*parse)(struct hook *h);

	/* Fills in what the program must be loaded as. Fails with a diagnostic when the kernel has
	 * no such hook. A target that only the load can find may be left to it. */
	int (*prepare)(struct hook *h, struct load_spec *spec);

	/* Attaches the loaded program; fails with a diagnostic. */
	int (*attach)(struct hook *h, const struct program_load *load, struct attachment *out);

	/* Another way, when attach() returned -EOPNOTSUPP (then without a diagnostic); or NULL. */
	int (*fallback)(struct hook *h, struct load_spec *spec);

	/* It is asked also when the kernel cannot load or attach the program as this kind, which has
	 * its diagnostic then: that stays when fallback() returns -EOPNOTSUPP, without another one. */
	bool after_refusal;
};

extern const struct hook_kind hook_tracepoint, hook_raw_tp, hook_tp_btf, hook_perf, hook_uprobe,
	hook_uretprobe, hook_kprobe, hook_kretprobe, hook_ksyscall, hook_kretsyscall, hook_fentry,
	hook_fexit, hook_usdt, hook_cgroup, hook_lsm_cgroup, hook_socket, hook_reuseport,
	hook_sk_skb, hook_sk_msg, hook_sk_lookup, hook_flow_dissector, hook_struct_ops,
	hook_xdp, hook_tc, hook_tcx, hook_clsact, hook_tc_action, hook_netkit, hook_netfilter,
	hook_lwt_in, hook_lwt_out, hook_lwt_xmit, hook_seg6local,
	hook_fmod_ret, hook_lsm, hook_iter, hook_freplace, hook_raw_tp_writable;

/* All kinds one after the other; NULL past the last. */
const struct hook_kind *hook_kind_at(size_t i);

/* One hook string without alternatives: size bytes of text. -EINVAL has its diagnostic. */
int hook_parse(struct bcc_program *prog, const char *text, size_t size,
	       const struct bcc_attach_opts *opts, struct hook *out);
void hook_free(struct hook *h);

/* uprobe.c: there is no binary h->group, or no process h->opts.pid (-ESRCH). */
int uprobe_no_binary(struct hook *h, int err);

/* Parsers for arg. "NAME": one name of the kernel's, no blanks, slashes or colons. */
int hook_parse_name(struct hook *h);
/* The same with * and ? in it. */
int hook_parse_glob(struct hook *h);
/* "NAME[+OFFSET]" in text, into h->name and h->number. */
int hook_parse_offset(struct hook *h, const char *text);
/* A whole number, decimal or hex. */
bool hook_parse_number(const char *text, uint64_t *out);

/* Fills in a spec; target may be NULL. -ENOMEM has its diagnostic. */
int spec_set(struct hook *h, struct load_spec *spec, enum bpf_prog_type type,
	     enum bpf_attach_type expected, const char *target);

/* Room for n descriptors. -ENOMEM has its diagnostic. */
int attachment_reserve(struct hook *h, struct attachment *out, size_t n);
/* Closes all of it; what is empty stays empty. The error of the undo. */
int attachment_destroy(struct attachment *a);
/* An attachment that is one bpf link. */
int attachment_link(struct hook *h, struct attachment *out, int fd, const char *mechanism);

/* Says why the mechanism was taken, in a few words; a second reason is put behind the first. */
__attribute__((format(printf, 2, 3)))
void attachment_why(struct attachment *a, const char *fmt, ...);

/* There is no such name: BCC_ERR_NO_HOOK with the near ones as hint. */
int hook_missing(struct hook *h);

/* Attaching failed with err: the diagnostic, and the code to return. EPERM becomes the privilege
 * that is missing; the hint may be NULL. */
int hook_failed(struct hook *h, int err, const char *hint);

/* fentry.c: "[MODULE:]FUNCTION". */
int fentry_parse(struct hook *h);

/* fentry.c: attaches a program that the load has bound to its target. */
int trace_attach(struct hook *h, const struct program_load *load, struct attachment *out);

/* fentry.c: has a program that was written as a kprobe compiled as fentry or fexit. */
int fentry_retarget(struct hook *h, const char *function, bool ret, struct load_spec *spec);

#endif
