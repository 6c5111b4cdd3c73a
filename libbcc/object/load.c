/*
 * Loads programs one by one. libbpf loads an object once and as a whole, so each program gets an
 * object of its own, opened from the same bytes, in which every other program is left out and every
 * map is the module's (bpf_map__reuse_fd()). Only the program's descriptor is kept of it: the rest
 * would cost a descriptor per map and a copy of the object for each program.
 *
 * Invariant: all loads of a module see the same maps, with one exception: an object compiled for
 * another hook may lay out its constants (.rodata) anew, and then keeps its own copy of them.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "compile/compile.h"
#include "context/libbpf.h"
#include "kernel/kernel.h"
#include "object/load.h"
#include "object/struct_ops.h"
#include "object/verifier.h"
#include "table/variable.h"

#define OBJECT_NAME "bcc" /* begins the kernel's names of data sections: "bcc.rodata" */

/* The log is only written when a load fails; until then its pages are not even mapped. Kernels
 * before 6.4 keep the beginning of one that does not fit, and what is wrong is said at the end. */
static const size_t log_sizes[] = { 1 << 20, 16 << 20, 256 << 20 };

void load_spec_free(struct load_spec *spec)
{
	free(spec->target);
	free(spec->retarget);
	free(spec->lead);
	free(spec->instead);
	if (spec->target_fd > 0)
		close(spec->target_fd);
	memset(spec, 0, sizeof(*spec));
}

/* An object that is being loaded. */
struct attempt {
	struct bcc_program *prog;
	const struct load_spec *spec;
	const void *object; /* the module's, or compiled for this load alone */
	size_t object_size;
	struct bpf_object *obj;
	struct bpf_program *bp; /* in obj */
};

static void free_load(struct program_load *load)
{
	if (!load)
		return;
	if (load->fd >= 0)
		close(load->fd);
	free(load->retarget);
	free(load->target);
	free(load);
}

void program_unload(struct bcc_program *prog)
{
	while (prog->loads) {
		struct program_load *next = prog->loads->next;

		free_load(prog->loads);
		prog->loads = next;
	}
}

int load_open_object(struct bcc_module *mod, const struct open_request *rq,
		     struct bpf_object **out)
{
	LIBBPF_OPTS(bpf_object_open_opts, opts, .object_name = OBJECT_NAME,
		    .btf_custom_path = mod->ctx->btf_path);
	struct bpf_object *obj;
	void *copy;
	int err;

	err = struct_ops_adapt(rq->object, rq->size, rq->struct_ops, &copy);
	if (err)
		return err;
	obj = bpf_object__open_mem(copy ? copy : rq->object, rq->size, &opts);
	err = obj ? 0 : libbpf_error(-errno);
	free(copy);
	if (!err)
		err = struct_ops_opened(obj);
	if (err)
		bpf_object__close(obj);
	else
		*out = obj;
	return err;
}

/* Whether a data section is the same in both objects, so that they can share it. */
static bool same_section(struct bpf_map *a, struct bpf_map *b)
{
	size_t a_size = 0, b_size = 0;
	const void *a_data = bpf_map__initial_value(a, &a_size);
	const void *b_data = bpf_map__initial_value(b, &b_size);

	if (a_size != b_size || bpf_map__map_flags(a) != bpf_map__map_flags(b))
		return false;
	/* What may be written has moved on from its initial value; its layout is what counts. */
	if (!(bpf_map__map_flags(a) & BPF_F_RDONLY_PROG) || !a_data || !b_data)
		return true;
	return !memcmp(a_data, b_data, a_size);
}

static int share_maps(struct attempt *a)
{
	struct bpf_map *map, *ours;
	int err;

	bpf_object__for_each_map(map, a->obj) {
		ours = module_map(a->prog->mod, bpf_map__name(map));
		if (!ours || bpf_map__fd(ours) < 0)
			continue;
		if (bpf_map__is_internal(map) && !same_section(ours, map))
			continue;
		err = bpf_map__reuse_fd(map, bpf_map__fd(ours));
		/* It is pinned already where it should be. */
		if (!err)
			err = bpf_map__set_pin_path(map, NULL);
		if (err)
			return err;
	}
	return 0;
}

static int set_up(struct attempt *a)
{
	const struct load_spec *spec = a->spec;
	struct bpf_program *bp;
	int err;

	bpf_object__for_each_program(bp, a->obj)
		bpf_program__set_autoload(bp, bp == a->bp);
	err = share_maps(a);
	if (err || spec->type == BPF_PROG_TYPE_UNSPEC)
		return err;
	err = bpf_program__set_type(a->bp, spec->type);
	if (!err)
		err = bpf_program__set_expected_attach_type(a->bp, spec->expected);
	if (!err && spec->ifindex)
		bpf_program__set_ifindex(a->bp, (__u32)spec->ifindex);
	if (!err && spec->sleepable)
		err = bpf_program__set_flags(a->bp, bpf_program__flags(a->bp) | BPF_F_SLEEPABLE);
	if (err || !spec->target)
		return err;
	err = bpf_program__set_attach_target(a->bp, spec->target_fd, spec->target);
	if (err) {
		/* libbpf 1.1 has read all of the kernel's types for this and only frees them at the
		 * end of a load (11 MB), so have it load nothing. */
		bpf_program__set_autoload(a->bp, false);
		bpf_object__load(a->obj);
	}
	/* What it says of a function that another program does not have. */
	return err == -ENOENT && spec->target_fd ? -ESRCH : err;
}

/* One attempt; on failure log holds what the verifier wrote, "" when it wrote nothing. */
static int attempt(struct attempt *a, char *log, size_t log_size)
{
	const struct open_request rq = {
		.object = a->object,
		.size = a->object_size,
		.struct_ops = bpf_program__type(a->prog->bp) == BPF_PROG_TYPE_STRUCT_OPS,
	};
	int err;

	log[0] = '\0';
	bpf_object__close(a->obj);
	a->obj = NULL;
	a->bp = NULL;
	err = load_open_object(a->prog->mod, &rq, &a->obj);
	if (!err)
		err = variables_initialise(a->prog->mod, a->obj);
	if (err)
		return err;
	a->bp = bpf_object__find_program_by_name(a->obj, a->prog->name);
	if (!a->bp)
		return -ENOENT;
	err = set_up(a);
	if (!err)
		err = bpf_program__set_log_buf(a->bp, log, log_size);
	if (!err)
		err = bpf_object__load(a->obj);
	log[log_size - 1] = '\0';
	return libbpf_error(err);
}

static const char *how(const struct load_spec *spec)
{
	switch (spec->expected) {
	case BPF_TRACE_FENTRY:
		return "fentry";
	case BPF_TRACE_FEXIT:
		return "fexit";
	case BPF_MODIFY_RETURN:
		return "fmod_ret";
	case BPF_TRACE_ITER:
		return "iterator";
	case BPF_TRACE_RAW_TP:
		return spec->type == BPF_PROG_TYPE_TRACING ? "tp_btf" : NULL;
	default:
		return libbpf_bpf_prog_type_str(spec->type);
	}
}

/* What the kernel loads for somebody with CAP_NET_ADMIN only. */
static bool is_network(enum bpf_prog_type type)
{
	switch ((int)type) {
	case BPF_PROG_TYPE_SCHED_CLS:
	case BPF_PROG_TYPE_SCHED_ACT:
	case BPF_PROG_TYPE_XDP:
	case BPF_PROG_TYPE_LWT_IN:
	case BPF_PROG_TYPE_LWT_OUT:
	case BPF_PROG_TYPE_LWT_XMIT:
	case BPF_PROG_TYPE_LWT_SEG6LOCAL:
	case BPF_PROG_TYPE_SK_SKB:
	case BPF_PROG_TYPE_SK_MSG:
	case BPF_PROG_TYPE_SK_LOOKUP:
	case BPF_PROG_TYPE_FLOW_DISSECTOR:
	case BPF_PROG_TYPE_SOCK_OPS:
	case BPF_PROG_TYPE_CGROUP_DEVICE:
	case BPF_PROG_TYPE_CGROUP_SOCK:
	case BPF_PROG_TYPE_CGROUP_SOCK_ADDR:
	case BPF_PROG_TYPE_CGROUP_SOCKOPT:
	case BPF_PROG_TYPE_CGROUP_SYSCTL:
	case 32: /* BPF_PROG_TYPE_NETFILTER, Linux 6.4 */
		return true;
	default:
		return false;
	}
}

/* EPERM is either ours (a capability) or the kernel's (it allows no such program at all). */
static int refused(struct bcc_program *prog, const struct load_spec *spec, int err)
{
	struct bcc_context *ctx = prog->mod->ctx;
	enum bpf_prog_type type = spec->type ? spec->type : bpf_program__type(prog->bp);
	char *missing, *hint = NULL;

	missing = is_network(type) ? privilege_missing_network(&hint) : privilege_missing(&hint);
	if (missing) {
		err = diag_fail_hint(ctx, BCC_ERR_PRIVILEGE, "privilege", hint,
				     "cannot load program '%s': %s", prog->name, missing);
		free(missing);
		free(hint);
		return err;
	}
	return diag_fail_hint(
		ctx, BCC_ERR_KERNEL, "refused",
		spec->instead
			? spec->instead
			: "a security policy of this system (lockdown, an LSM, the way the kernel "
			  "was built) forbids this kind of program; use a tracepoint, raw_tp or "
			  "perf hook",
		"%s%skernel refuses to load program '%s' as %s%s%s (%s) although no "
		"privilege is missing",
		spec->lead ? spec->lead : "", spec->lead ? ", and the " : "the ", prog->name,
		how(spec) ? how(spec) : "this type", spec->target ? " of " : "",
		spec->target ? spec->target : "", bcc_error_name(err));
}

static bool says_something(const char *log)
{
	struct verifier_finding found;

	verifier_log_parse(log, &found);
	return *found.sentence || found.insn >= 0;
}

static int fail(struct bcc_program *prog, const struct load_spec *spec, int err, const char *said)
{
	struct bcc_context *ctx = prog->mod->ctx;
	struct bcc_diag *diag;

	switch (err) {
	case -ESRCH: /* from bpf_program__set_attach_target() */
		if (spec->target)
			return err;
		break;
	case -EPERM:
	case -EACCES:
		return refused(prog, spec, err);
	case -E2BIG:
		return diag_fail_hint(ctx, err, "load", "split it, or bound its loops tighter",
				      "program '%s' has more instructions than the kernel takes",
				      prog->name);
	case -524: /* the kernel's ENOTSUPP */
	case -EOPNOTSUPP:
		return diag_fail_hint(ctx, BCC_ERR_KERNEL, "load", spec->instead,
				      "%s%skernel cannot load program '%s' as %s",
				      spec->lead ? spec->lead : "",
				      spec->lead ? ", and the " : "the ", prog->name,
				      how(spec) ? how(spec) : "this type");
	}
	diag = diag_add(ctx, BCC_ERROR, "load", "cannot load program '%s': %s", prog->name,
			bcc_strerror(err));
	if (err == -EINVAL && spec->type == BPF_PROG_TYPE_UNSPEC)
		diag_hint(diag,
			  "its section \"%s\" may name no type of program; attach it with a hook "
			  "string",
			  prog->section);
	else if (err == -EMFILE || err == -ENFILE)
		diag_hint(diag, "too many open files: raise the limit (ulimit -n)");
	else if (err == -ENOSPC)
		diag_hint(diag,
			  "the verifier's log does not fit into 256 MB: the program is too complex "
			  "to be explained; split it");
	else if (spec->instead)
		diag_hint(diag, "%s", spec->instead);
	diag_log(diag, said);
	diag_done(ctx, diag);
	return err;
}

/* Loads what the attempt says; *fd is the program's own descriptor. */
static int load_object(struct attempt *a, int *fd)
{
	struct bcc_context *ctx = a->prog->mod->ctx;
	struct libbpf_call call = { 0 };
	char *log = NULL;
	int err = 0;

	for (size_t i = 0; i < sizeof(log_sizes) / sizeof(*log_sizes); i++) {
		free(log);
		libbpf_call_free(&call);
		log = malloc(log_sizes[i]);
		if (!log)
			return diag_fail(ctx, -ENOMEM, "memory", "out of memory");
		libbpf_enter(&call);
		err = attempt(a, log, log_sizes[i]);
		libbpf_leave(&call);
		if (err != -ENOSPC)
			break;
	}
	if (!err) {
		*fd = fcntl(bpf_program__fd(a->bp), F_DUPFD_CLOEXEC, 3);
		if (*fd < 0)
			err = -errno;
	}
	if (err && err != -ENOSPC && a->bp && says_something(log)) {
		const struct rejection rej = {
			.prog = a->prog,
			.bp = a->bp,
			.object = a->object,
			.object_size = a->object_size,
			.log = log,
			.err = err,
		};

		err = verifier_report(&rej);
	} else if (err) {
		err = fail(a->prog, a->spec, err, libbpf_said(&call));
	}
	libbpf_call_free(&call);
	free(log);
	return err;
}

/* The module's text compiled for another hook than it was written for. */
static int compile_for(struct bcc_program *prog, const char *retarget, struct compile_result *res)
{
	struct bcc_module *mod = prog->mod;
	const char *const retargets[] = { retarget, NULL };
	const struct compile_request rq = {
		.text = mod->text,
		.text_size = strlen(mod->text),
		.name = mod->name,
		.cflags = (const char *const *)mod->cflags,
		.retarget = retargets,
	};

	return compile_run(mod->ctx, &rq, res);
}

/* Compiles if it must, and loads. */
static int make_load(struct bcc_program *prog, const struct load_spec *spec,
		     struct program_load *load)
{
	struct compile_result res = { 0 };
	struct attempt a = {
		.prog = prog,
		.spec = spec,
		.object = prog->mod->object,
		.object_size = prog->mod->object_size,
	};
	int err = 0;

	if (spec->retarget) {
		err = compile_for(prog, spec->retarget, &res);
		timings_add_compile(prog->mod, &res.times);
		a.object = res.object;
		a.object_size = res.object_size;
	}
	if (!err) {
		struct timings_span span = timings_begin(prog->mod);

		err = load_object(&a, &load->fd);
		timings_end_load(prog->mod, span);
	}
	bpf_object__close(a.obj);
	compile_result_free(&res);
	if (spec->lead &&
	    (err == BCC_ERR_COMPILE || err == BCC_ERR_COMPILER || err == BCC_ERR_VERIFIER))
		diag_done(prog->mod->ctx,
			  diag_add(prog->mod->ctx, BCC_NOTE, "retarget",
				   "%s, so program '%s' was compiled as %s", spec->lead, prog->name,
				   how(spec)));
	return err;
}

static bool same(const char *a, const char *b)
{
	return a && b ? !strcmp(a, b) : a == b;
}

static struct program_load *find_load(struct bcc_program *prog, const struct load_spec *spec)
{
	for (struct program_load *l = prog->loads; l; l = l->next)
		if (l->type == spec->type && l->expected == spec->expected &&
		    l->ifindex == spec->ifindex &&
		    l->target_id == spec->target_id && l->sleepable == spec->sleepable &&
		    same(l->target, spec->target) && same(l->retarget, spec->retarget))
			return l;
	return NULL;
}

/* libbpf takes the target of a BTF section from the section's name; another type cannot shed it. */
static int check_section(struct bcc_program *prog, const struct load_spec *spec)
{
	enum bpf_prog_type type = bpf_program__type(prog->bp);

	if (spec->type == BPF_PROG_TYPE_UNSPEC || spec->type == type || spec->retarget)
		return 0;
	if (type != BPF_PROG_TYPE_TRACING && type != BPF_PROG_TYPE_LSM && type != BPF_PROG_TYPE_EXT)
		return 0;
	return diag_fail_hint(prog->mod->ctx, -EINVAL, "hook",
			      "write it for this hook, or choose an fentry, fexit or tp_btf hook",
			      "program '%s' is written for \"%s\" and cannot be loaded as %s",
			      prog->name, prog->section, how(spec) ? how(spec) : "another type");
}

int program_load_as(struct bcc_program *prog, const struct load_spec *spec,
		    struct program_load **out)
{
	struct program_load *load = find_load(prog, spec);
	int err = 0;

	if (load) {
		*out = load;
		return 0;
	}
	err = check_section(prog, spec);
	if (err)
		return err;
	load = calloc(1, sizeof(*load));
	if (load) {
		load->type = spec->type;
		load->expected = spec->expected;
		load->ifindex = spec->ifindex;
		load->target_id = spec->target_id;
		load->sleepable = spec->sleepable;
		load->fd = -1;
		load->target = spec->target ? strdup(spec->target) : NULL;
		load->retarget = spec->retarget ? strdup(spec->retarget) : NULL;
	}
	if (!load || !same(load->target, spec->target) || !same(load->retarget, spec->retarget))
		err = diag_fail(prog->mod->ctx, -ENOMEM, "memory", "out of memory");
	if (!err)
		err = make_load(prog, spec, load);
	if (err) {
		free_load(load);
		return err;
	}
	load->next = prog->loads;
	prog->loads = load;
	*out = load;
	return 0;
}
