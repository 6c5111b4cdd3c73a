/*
 * The table of hook kinds, the parsing that they share, and the diagnostics of hooks that do not
 * exist or cannot be attached.
 */
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "attach/hook.h"

static const struct hook_kind *const kinds[] = {
	&hook_tracepoint, &hook_raw_tp,    &hook_tp_btf,   &hook_kprobe,
	&hook_kretprobe,  &hook_ksyscall,  &hook_kretsyscall, &hook_fentry,
	&hook_fexit,      &hook_uprobe,    &hook_uretprobe, &hook_usdt,
	&hook_perf,       &hook_struct_ops, &hook_fmod_ret, &hook_lsm,
	&hook_iter,       &hook_freplace,  &hook_raw_tp_writable,
	/* cgroups and sockets */
	&hook_cgroup,     &hook_lsm_cgroup, &hook_socket,   &hook_reuseport,
	&hook_sk_skb,     &hook_sk_msg,    &hook_sk_lookup, &hook_flow_dissector,
	/* network devices and routes */
	&hook_xdp,        &hook_tc,        &hook_tcx,      &hook_clsact,
	&hook_tc_action,  &hook_netkit,    &hook_netfilter, &hook_lwt_in,
	&hook_lwt_out,    &hook_lwt_xmit,  &hook_seg6local,
};

#define N_KINDS (sizeof(kinds) / sizeof(*kinds))

const struct hook_kind *hook_kind_at(size_t i)
{
	return i < N_KINDS ? kinds[i] : NULL;
}

/* ".s" behind the name of a kind asks for a program that may sleep, where there are such. */
static const struct hook_kind *find_kind(const char *name, size_t size, bool *sleepable)
{
	*sleepable = size > 2 && !memcmp(name + size - 2, ".s", 2);
	if (*sleepable)
		size -= 2;
	for (size_t i = 0; i < N_KINDS; i++)
		if (strlen(kinds[i]->name) == size && !memcmp(kinds[i]->name, name, size))
			return *sleepable && !kinds[i]->sleepable ? NULL : kinds[i];
	return NULL;
}

static const struct hook_kind *nearest_kind(const char *name)
{
	const struct hook_kind *best = kinds[0];

	for (size_t i = 1; i < N_KINDS; i++)
		if (name_distance(name, kinds[i]->name) < name_distance(name, best->name))
			best = kinds[i];
	return best;
}

void hook_free(struct hook *h)
{
	free(h->text);
	free(h->name);
	free(h->group);
	memset(h, 0, sizeof(*h));
}

static int unknown_kind(struct hook *h)
{
	struct bcc_diag *diag;
	char *colon = strchr(h->text, ':');

	diag = diag_add(h->ctx, BCC_ERROR, "hook", colon ? "'%s': there is no such kind of hook" :
			"'%s' is no hook: it has no kind in front of a colon", h->text);
	if (colon)
		*colon = '\0';
	diag_hint(diag, "hooks are written like %s", nearest_kind(h->text)->form);
	diag_done(h->ctx, diag);
	return -EINVAL;
}

int hook_parse(struct bcc_program *prog, const char *text, size_t size,
	       const struct bcc_attach_opts *opts, struct hook *out)
{
	struct hook h = { .prog = prog, .ctx = prog->mod->ctx, .opts = *opts };
	size_t kind;
	int err;

	while (size && isspace((unsigned char)*text))
		text++, size--;
	while (size && isspace((unsigned char)text[size - 1]))
		size--;
	h.text = strndup(text, size);
	if (!h.text)
		return diag_fail(h.ctx, -ENOMEM, "memory", "out of memory");

	kind = strcspn(h.text, ":");
	h.kind = find_kind(h.text, kind, &h.sleepable);
	if (h.kind && !h.text[kind] && !h.kind->bare)
		h.kind = NULL;
	if (!h.kind) {
		err = unknown_kind(&h);
	} else {
		h.arg = h.text + kind + (h.text[kind] == ':');
		err = h.text[kind] && !*h.arg ? -EINVAL : h.kind->parse(&h);
		if (err == -EINVAL)
			diag_fail(h.ctx, err, "hook", "'%s' is malformed: it is written %s", h.text,
				  h.kind->form);
		else if (err)
			diag_fail(h.ctx, err, "memory", "out of memory");
	}
	if (err) {
		hook_free(&h);
		return err;
	}
	*out = h;
	return 0;
}

/* Names become parts of paths in tracefs, so nothing but what the kernel uses gets through. */
static int take_name(struct hook *h, const char *special)
{
	for (const char *p = h->arg; *p; p++)
		if (!isalnum((unsigned char)*p) && !strchr(special, *p))
			return -EINVAL;
	if (!*h->arg || *h->arg == '.')
		return -EINVAL;
	h->name = strdup(h->arg);
	return h->name ? 0 : -ENOMEM;
}

int hook_parse_name(struct hook *h)
{
	return take_name(h, "_.$-");
}

int hook_parse_glob(struct hook *h)
{
	return take_name(h, "_.$-*?");
}

bool hook_parse_number(const char *text, uint64_t *out)
{
	unsigned long long value;
	char *end;

	if (!isdigit((unsigned char)*text))
		return false;
	errno = 0;
	value = strtoull(text, &end, text[0] == '0' && (text[1] | 0x20) == 'x' ? 16 : 10);
	if (errno || *end)
		return false;
	*out = value;
	return true;
}

int hook_parse_offset(struct hook *h, const char *text)
{
	const char *plus = strrchr(text, '+');

	if (plus && !hook_parse_number(plus + 1, &h->number))
		return -EINVAL;
	if (!*text || plus == text)
		return -EINVAL;
	h->name = strndup(text, plus ? (size_t)(plus - text) : strlen(text));
	return h->name ? 0 : -ENOMEM;
}

int spec_set(struct hook *h, struct load_spec *spec, enum bpf_prog_type type,
	     enum bpf_attach_type expected, const char *target)
{
	spec->type = type;
	spec->expected = expected;
	spec->sleepable = h->sleepable;
	if (!target)
		return 0;
	spec->target = strdup(target);
	return spec->target ? 0 : diag_fail(h->ctx, -ENOMEM, "memory", "out of memory");
}

int attachment_reserve(struct hook *h, struct attachment *out, size_t n)
{
	*out = (struct attachment){ .fds = calloc(n, sizeof(*out->fds)) };
	return out->fds ? 0 : diag_fail(h->ctx, -ENOMEM, "memory", "out of memory");
}

int attachment_destroy(struct attachment *a)
{
	int err = 0;

	if (a->undo)
		err = a->undo->run(a->undo, a);
	free(a->undo);
	/* The last opened first: a link before the event that it sits on. */
	while (a->n)
		close(a->fds[--a->n]);
	free(a->fds);
	free(a->specs);
	free(a->why);
	*a = (struct attachment){ .mechanism = a->mechanism };
	return err;
}

void attachment_why(struct attachment *a, const char *fmt, ...)
{
	char *text, *both;
	va_list args;
	int n;

	va_start(args, fmt);
	n = vasprintf(&text, fmt, args);
	va_end(args);
	if (n < 0)
		return;
	if (!a->why) {
		a->why = text;
		return;
	}
	/* One of many events says it as often as there are events. */
	if (!strstr(a->why, text) && asprintf(&both, "%s; %s", a->why, text) >= 0) {
		free(a->why);
		a->why = both;
	}
	free(text);
}

int attachment_link(struct hook *h, struct attachment *out, int fd, const char *mechanism)
{
	int err = attachment_reserve(h, out, 1);

	if (err) {
		close(fd);
		return err;
	}
	out->fds[out->n++] = fd;
	out->mechanism = mechanism;
	return 0;
}

int hook_missing(struct hook *h)
{
	struct kernel *k;
	struct bcc_diag *diag;
	char *name = NULL, *near = NULL;

	/* Of lsm_cgroup it is the cgroup. */
	if (h->group && h->kind->names != KERNEL_LSM_HOOKS &&
	    asprintf(&name, "%s:%s", h->group, h->name) < 0)
		name = NULL;
	if (!context_kernel(h->ctx, &k))
		near = kernel_near(k, h->kind->names,
				   name && h->kind->names == KERNEL_TRACEPOINTS ? name : h->name,
				   3);
	diag = diag_add(h->ctx, BCC_ERROR, "no-hook", "this kernel has no %s '%s'", h->kind->what,
			name ? name : h->name);
	if (near && *near)
		diag_hint(diag, "similar names: %s", near);
	diag_done(h->ctx, diag);
	free(near);
	free(name);
	return BCC_ERR_NO_HOOK;
}

int hook_failed(struct hook *h, int err, const char *hint)
{
	char *missing, *way = NULL;

	if (err == -EPERM || err == -EACCES) {
		missing = h->kind->network ? privilege_missing_network(&way) :
					     privilege_missing(&way);
		if (missing) {
			err = diag_fail_hint(h->ctx, BCC_ERR_PRIVILEGE, "privilege", way,
					     "cannot attach program '%s' to %s: %s", h->prog->name,
					     h->text, missing);
			free(missing);
			free(way);
			return err;
		}
		return diag_fail_hint(
			h->ctx, BCC_ERR_KERNEL, "refused", hint,
			"the kernel refuses to attach program '%s' to %s (%s) although no "
			"privilege is missing",
			h->prog->name, h->text, bcc_error_name(err));
	}
	if (!hint && err == -EEXIST)
		hint = "this program is on this hook already";
	if (!hint && (err == -EMFILE || err == -ENFILE))
		hint = "too many open files: raise the limit (ulimit -n), or attach to fewer hooks";
	return diag_fail_hint(h->ctx, err, "attach", hint,
			      "cannot attach program '%s' to %s: %s (%s)", h->prog->name, h->text,
			      bcc_strerror(err), bcc_error_name(err));
}
