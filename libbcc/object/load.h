/*
 * Loading one program in one way. A program can be in the kernel more than once: as another type,
 * or for another function, because the kernel binds fentry and tp_btf programs at load.
 */
#ifndef BCC_OBJECT_LOAD_H
#define BCC_OBJECT_LOAD_H

#include <bpf/libbpf.h>

#include "object/module.h"

/* What a hook wants the program to be. All texts are owned; see load_spec_free(). */
struct load_spec {
	enum bpf_prog_type type; /* BPF_PROG_TYPE_UNSPEC: as its section says */
	enum bpf_attach_type expected;
	char *target;   /* the function or BTF tracepoint it is bound to, or NULL */
	int target_fd;  /* owned: the program whose function target is; 0: the kernel's */
	uint32_t target_id; /* of that program */
	bool sleepable; /* it may wait, for memory of user space to be read in */
	char *retarget; /* compile the text anew for this, see compile.h; or NULL */
	char *lead;     /* begins the message when the kernel refuses: "this kernel has no
			   kprobes"; or NULL */
	int ifindex;    /* the network card that it is made for; 0: for this machine */
	char *instead;  /* the hint then: what else could be used; or NULL */
};

void load_spec_free(struct load_spec *spec);

struct program_load {
	struct program_load *next;
	enum bpf_prog_type type;
	enum bpf_attach_type expected;
	char *target;
	uint32_t target_id;
	bool sleepable;
	char *retarget;
	int ifindex;
	int fd; /* of the program in the kernel */
};

/*
 * The load that fits the spec; loads the program when there is none yet. Errors have their
 * diagnostic but for one: -ESRCH when spec->target does not exist, which the hook explains.
 */
int program_load_as(struct bcc_program *prog, const struct load_spec *spec,
		    struct program_load **out);

/* Takes all loads of a program out of the kernel (those that no link holds). */
void program_unload(struct bcc_program *prog);

struct open_request {
	const void *object;
	size_t size;
	bool struct_ops; /* a struct_ops program is going to be loaded with it */
};

/* Opens an object with our settings. Call it between libbpf_enter() and libbpf_leave(). */
int load_open_object(struct bcc_module *mod, const struct open_request *rq,
		     struct bpf_object **out);

#endif
