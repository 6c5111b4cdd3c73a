/*
 * Programs by name and by section; see programs.h.
 *
 * A function that is not static and is no helper of another one is a program. Its name or the type
 * of its first parameter gives the section; parameters after the first are declared at the top of
 * the body, out of the registers that hold them.
 */
#include "programs.h"
#include "moved.h"
#include "registers.h"

#include <stdlib.h>
#include <string.h>

/* Names that say where a program belongs. */
static const struct name_rule {
	const char *prefix;
	const char *section; /* what follows the prefix is put after it */
	enum context_kind context;
	enum { WHOLE, BOTH, LAST } parts; /* of "category__event": BOTH is "category/event" */
	enum binding binding;
} name_rules[] = {
	{ "kprobe__", "kprobe/", CONTEXT_KERNEL, WHOLE, BIND_REGISTERS },
	{ "kretprobe__", "kretprobe/", CONTEXT_KERNEL, WHOLE, BIND_REGISTERS },
	{ "syscall__", "ksyscall/", CONTEXT_USER, WHOLE, BIND_SYSCALL },
	{ "tracepoint__", "tracepoint/", CONTEXT_KERNEL, BOTH, BIND_NOTHING },
	{ "raw_tracepoint__", "raw_tracepoint/", CONTEXT_KERNEL, WHOLE, BIND_NOTHING },
	/* the module before the function's name is found by itself */
	{ "kfunc__", "fentry/", CONTEXT_TRUSTED, LAST, BIND_WORDS },
	{ "kretfunc__", "fexit/", CONTEXT_TRUSTED, LAST, BIND_WORDS },
	{ "kmod_ret__", "fmod_ret/", CONTEXT_TRUSTED, WHOLE, BIND_WORDS },
	{ "lsm__", "lsm/", CONTEXT_TRUSTED, WHOLE, BIND_WORDS },
	{ "bpf_iter__", "iter/", CONTEXT_TRUSTED, WHOLE, BIND_NOTHING },
};

/* Sections, and the types of first parameters of functions that have none. */
static const struct section_rule {
	const char *section; /* a prefix */
	enum context_kind context;
} section_rules[] = {
	{ "kprobe", CONTEXT_KERNEL },	{ "kretprobe", CONTEXT_KERNEL },
	{ "ksyscall", CONTEXT_KERNEL },	{ "kretsyscall", CONTEXT_KERNEL },
	{ "uprobe", CONTEXT_USER },	{ "uretprobe", CONTEXT_USER },
	{ "usdt", CONTEXT_USER },	{ "tracepoint", CONTEXT_KERNEL },
	{ "raw_tp.w", CONTEXT_TRUSTED }, { "raw_tracepoint.w", CONTEXT_TRUSTED },
	{ "tp/", CONTEXT_KERNEL },	{ "raw_tp", CONTEXT_KERNEL },
	{ "raw_tracepoint", CONTEXT_KERNEL }, { "tp_btf", CONTEXT_TRUSTED },
	{ "fentry", CONTEXT_TRUSTED },	{ "fexit", CONTEXT_TRUSTED },
	{ "fmod_ret", CONTEXT_TRUSTED }, { "lsm", CONTEXT_TRUSTED },
	{ "iter", CONTEXT_TRUSTED },	{ "struct_ops", CONTEXT_TRUSTED },
	{ "xdp", CONTEXT_PACKET },	{ "tc", CONTEXT_PACKET },
	{ "classifier", CONTEXT_PACKET }, { "socket", CONTEXT_PACKET },
	{ "cgroup", CONTEXT_PACKET },	{ "sk_", CONTEXT_PACKET },
};

static const struct type_rule {
	const char *record; /* that the first parameter points to */
	const char *section;
	enum context_kind context;
} type_rules[] = {
	{ "pt_regs", "kprobe", CONTEXT_REGISTERS },
	{ "bpf_raw_tracepoint_args", "raw_tracepoint", CONTEXT_KERNEL },
	{ "bpf_perf_event_data", "perf_event", CONTEXT_OTHER },
	{ "xdp_md", "xdp", CONTEXT_PACKET },
	{ "__sk_buff", "tc", CONTEXT_PACKET },
	{ "bpf_sock_ops", "sockops", CONTEXT_OTHER },
	{ "sk_msg_md", "sk_msg", CONTEXT_OTHER },
	{ "sk_reuseport_md", "sk_reuseport", CONTEXT_OTHER },
	{ "bpf_sk_lookup", "sk_lookup", CONTEXT_OTHER },
	{ "bpf_sysctl", "cgroup/sysctl", CONTEXT_OTHER },
	{ "bpf_cgroup_dev_ctx", "cgroup/dev", CONTEXT_OTHER },
	{ "bpf_sock_addr", "cgroup/connect4", CONTEXT_OTHER },
	{ "bpf_sock", "cgroup/sock_create", CONTEXT_OTHER },
	{ "bpf_sockopt", "cgroup/setsockopt", CONTEXT_OTHER },
};

/*
 * One type of context serves several hooks, of which each lets a program see other members. Which
 * hook it will be is said when it is attached; until then a member that the function uses tells,
 * so that it can be verified on its own. The first that fits counts.
 */
static const struct member_rule {
	const char *record;
	const char *member;
	const char *section;
} member_rules[] = {
	{ "bpf_sock_addr", "msg_src_ip6", "cgroup/sendmsg6" },
	{ "bpf_sock_addr", "msg_src_ip4", "cgroup/sendmsg4" },
	{ "bpf_sock_addr", "user_ip6", "cgroup/connect6" },
	{ "bpf_sock", "src_ip6", "cgroup/post_bind6" },
	{ "bpf_sock", "src_ip4", "cgroup/post_bind4" },
	{ "bpf_sock", "src_port", "cgroup/post_bind4" },
	{ "bpf_sockopt", "retval", "cgroup/getsockopt" },
};

static bool starts_with(const char *s, const char *prefix)
{
	return !strncmp(s, prefix, strlen(prefix));
}

static void classify_by_section(struct program *p)
{
	for (size_t i = 0; i < sizeof(section_rules) / sizeof(*section_rules); i++)
		if (starts_with(p->fn->section, section_rules[i].section)) {
			p->context = section_rules[i].context;
			return;
		}
}

/* Their parameters are words, as in a trampoline; with or without the context in front of them. */
static void bind_struct_ops(struct program *p)
{
	const struct ptr_list *params = &p->fn->params;
	const struct decl *first = params->count ? params->items[0] : NULL;

	if (!first || !starts_with(p->fn->section, "struct_ops"))
		return;
	if (first->type.class != TYPE_POINTER || first->type.record)
		p->binding = BIND_ALL_WORDS;
	else if (params->count > 1)
		p->binding = BIND_WORDS;
}

static bool classify_by_name(struct tree *tree, struct program *p)
{
	const char *name = p->fn->decl->name;

	for (size_t i = 0; i < sizeof(name_rules) / sizeof(*name_rules); i++) {
		const struct name_rule *rule = &name_rules[i];
		const char *rest = name + strlen(rule->prefix);
		const char *split;

		if (!starts_with(name, rule->prefix) || !*rest)
			continue;
		split = rule->parts != WHOLE ? strstr(rest, "__") : NULL;
		if (rule->parts == BOTH && !split)
			continue;
		if (split && rule->parts == LAST)
			p->section = arena_printf(tree->arena, "%s%s", rule->section, split + 2);
		else if (split)
			p->section = arena_printf(tree->arena, "%s%.*s/%s", rule->section,
						  (int)(split - rest), rest, split + 2);
		else
			p->section = arena_printf(tree->arena, "%s%s", rule->section, rest);
		p->context = rule->context;
		p->binding = rule->binding;
		/* the name of a syscall's entry point: its arguments are inside, too */
		if (starts_with(name, "kprobe____x64_sys_") ||
		    starts_with(name, "kprobe____arm64_sys_"))
			p->binding = BIND_SYSCALL;
		return true;
	}
	return false;
}

/* Whether a function, or one that it calls, has this member of the record. */
static bool uses(const struct node *n, const struct member_rule *rule, unsigned depth)
{
	const struct function *callee;

	for (; n; n = n->next) {
		if (n->kind == NODE_MEMBER && n->decl && n->decl->parent &&
		    !strcmp(n->decl->name, rule->member) &&
		    !strcmp(n->decl->parent->name, rule->record))
			return true;
		callee = n->kind == NODE_CALL && n->decl ? n->decl->function : NULL;
		if (callee && depth && callee->root && uses(callee->root->first, rule, depth - 1))
			return true;
		if (uses(n->first, rule, depth))
			return true;
	}
	return false;
}

static void classify_by_member(struct program *p, const char *record)
{
	for (size_t i = 0; i < sizeof(member_rules) / sizeof(*member_rules); i++)
		if (!strcmp(record, member_rules[i].record) && p->fn->root &&
		    uses(p->fn->root->first, &member_rules[i], 4)) {
			p->section = member_rules[i].section;
			return;
		}
}

static void classify_by_type(struct program *p)
{
	struct decl *ctx = p->fn->params.count ? p->fn->params.items[0] : NULL;
	const struct record *rec = ctx ? ctx->type.record : NULL;
	static const char tracepoint[] = "tracepoint__";

	p->section = "kprobe";
	p->binding = BIND_REGISTERS;
	if (!rec)
		return;
	if (starts_with(rec->name, tracepoint)) {
		p->section = "tracepoint";
		p->context = CONTEXT_KERNEL;
		p->binding = BIND_NOTHING;
		return;
	}
	for (size_t i = 0; i < sizeof(type_rules) / sizeof(*type_rules); i++)
		if (!strcmp(rec->name, type_rules[i].record)) {
			p->section = type_rules[i].section;
			p->context = type_rules[i].context;
			p->binding = i == 0 ? BIND_REGISTERS : BIND_NOTHING;
			classify_by_member(p, rec->name);
			return;
		}
}

/* "PROGRAM=fentry:FUNCTION", "PROGRAM=fexit:FUNCTION:NARGS", or what moved.h has. */
static void apply_retarget(struct tree *tree, struct program *p, const char *const *retarget)
{
	size_t n = strlen(p->fn->decl->name);
	const char *colon;

	for (; retarget && *retarget; retarget++) {
		if (strncmp(*retarget, p->fn->decl->name, n) || (*retarget)[n] != '=')
			continue;
		if (moved_apply(tree, p, *retarget + n + 1))
			continue;
		p->fentry = *retarget + n + 1;
		colon = strchr(p->fentry, ':');
		if (!colon) {
			p->fentry = NULL;
			continue;
		}
		p->return_word = -1;
		if (starts_with(p->fentry, "fexit:")) {
			const char *nargs = strchr(colon + 1, ':');

			p->return_word = nargs ? atoi(nargs + 1) : 0;
			p->section = arena_printf(tree->arena, "fexit/%.*s",
						  (int)(nargs ? nargs - colon - 1
							      : (long)strlen(colon + 1)),
						  colon + 1);
		} else {
			p->section = arena_printf(tree->arena, "fentry/%s", colon + 1);
		}
	}
}

static bool names_a_hook(const struct function *fn)
{
	if (fn->section)
		return true;
	for (size_t i = 0; i < sizeof(name_rules) / sizeof(*name_rules); i++)
		if (starts_with(fn->decl->name, name_rules[i].prefix))
			return true;
	return false;
}

void programs_find(struct tree *tree, const char *const *retarget, struct ptr_list *out)
{
	for (size_t i = 0; i < tree->functions.count; i++) {
		struct function *fn = tree->functions.items[i];
		struct program *p;

		if (fn->is_static || !fn->from_main_file)
			continue;
		if (fn->decl->used && !names_a_hook(fn))
			continue;
		if (!strcmp(fn->section ? fn->section : "", ".text"))
			continue;
		p = arena_alloc(tree->arena, sizeof(*p));
		p->fn = fn;
		if (fn->section) {
			classify_by_section(p);
			bind_struct_ops(p);
		}
		if (!fn->section && !classify_by_name(tree, p))
			classify_by_type(p);
		apply_retarget(tree, p, retarget);
		ptr_list_add(tree->arena, out, p);
	}
}

struct program *program_of(const struct ptr_list *programs, const struct function *fn)
{
	for (size_t i = 0; i < programs->count; i++) {
		struct program *p = programs->items[i];

		if (p->fn == fn)
			return p;
	}
	return NULL;
}

char *program_word(struct arena *a, const struct program *p, const char *field)
{
	const struct registers *regs = registers_here();

	if (p->return_word >= 0 && !strcmp(field, regs->result))
		return arena_printf(a, "[%d]", p->return_word);
	for (int i = 0; i < 6; i++)
		if (regs->arguments[i] && !strcmp(field, regs->arguments[i]))
			return arena_printf(a, "[%d]", i);
	return NULL;
}

/* --- rewriting --- */

static void report(const struct problem_sink *sink, const char *code, const char *message,
		   const char *hint, const struct decl *at)
{
	sink->report(sink->data, 2, code, message, hint, at->begin, at->end);
}

#define OWN_CONTEXT "__ctx" /* where the text has no parameter for it */

/* One declaration for a parameter: its own words, and where the value comes from. */
static void bind_parameter(struct tree *tree, const struct program *p, unsigned i,
			   struct edits *es, struct edit *e)
{
	const struct registers *regs = registers_here();
	struct decl *ctx = p->fn->params.items[0], *d = p->fn->params.items[i];
	bool all = p->binding == BIND_ALL_WORDS;
	const char *type = type_spelling(tree, &d->type);

	edit_word(es, e, "\n\t");
	edit_range(es, e, d->begin, d->end);
	if (p->moved)
		edit_printf(es, e, " = (%s)%s;", type,
			    moved_word(tree->arena, p, ctx->name, i - 1));
	else if (p->binding == BIND_SYSCALL)
		edit_printf(es, e, " = (%s)BPF_CORE_READ(__regs, %s);", type,
			    regs->syscall[i - 1]);
	else if (p->fentry)
		edit_printf(es, e, " = (%s)((unsigned long long *)%s)[%u];", type, ctx->name, i - 1);
	else if (p->binding == BIND_WORDS || all)
		edit_printf(es, e, " = (%s)%s[%u];", type, all ? OWN_CONTEXT : ctx->name,
			    all ? i : i - 1);
	else
		edit_printf(es, e, " = (%s)%s->%s;", type, ctx->name, regs->arguments[i - 1]);
}

static bool check_parameters(struct tree *tree, const struct program *p,
			     const struct problem_sink *sink)
{
	for (size_t i = 0; i < p->fn->params.count; i++) {
		struct decl *d = p->fn->params.items[i];

		if (!*d->name) {
			report(sink, "unnamed-argument",
			       "arguments to BPF program definition must be named",
			       "give the parameter a name", d);
			return false;
		}
		if (i > (p->binding >= BIND_WORDS ? 12 : 6)) {
			report(sink, "too-many-arguments",
			       "too many arguments, bcc only supports in-register parameters",
			       "a program can take its context and six arguments", d);
			return false;
		}
		if (p->moved && i && d->used && !moved_word(tree->arena, p, "", (unsigned)i - 1)) {
			report(sink, p->return_word < 0 ? "no-register" : "entry-argument",
			       moved_why(tree->arena, p, (unsigned)i - 1),
			       p->return_word < 0 ? NULL : moved_hint, d);
			return false;
		}
		if ((i || p->binding == BIND_ALL_WORDS) && d->type.class == TYPE_RECORD) {
			report(sink, "argument-type",
			       "a struct that is passed by value is not in one register",
			       "read it from the registers by hand", d);
			return false;
		}
	}
	return true;
}

static void bind_parameters(struct tree *tree, const struct program *p, struct edits *es,
			    const struct problem_sink *sink)
{
	struct function *fn = p->fn;
	struct decl *ctx = fn->params.items[0], *last;
	const struct registers *regs = registers_here();
	unsigned first = p->binding == BIND_ALL_WORDS ? 0 : 1;
	struct edit *e;
	bool any = false;

	if (!check_parameters(tree, p, sink))
		return;
	last = fn->params.items[fn->params.count - 1];
	for (size_t i = 1; i < fn->params.count; i++)
		any |= ((struct decl *)fn->params.items[i])->used;

	/* the signature from the first parameter's end, and the body's first brace, in one edit */
	e = edit_add(es, first ? ctx->end : ctx->begin, fn->body + 1);
	if (!first)
		edit_word(es, e, "unsigned long long *" OWN_CONTEXT);
	edit_range(es, e, last->end, fn->body + 1);
	if (any && p->binding == BIND_SYSCALL) {
		if (p->fentry)
			edit_printf(es, e, "\n\tstruct pt_regs *__regs = "
				    "(struct pt_regs *)((unsigned long long *)%s)[0];", ctx->name);
		else
			edit_printf(es, e, "\n\tstruct pt_regs *__regs = (struct pt_regs *)%s->%s;",
				    ctx->name, regs->arguments[0]);
	}
	for (unsigned i = first; i < fn->params.count; i++)
		if (((struct decl *)fn->params.items[i])->used)
			bind_parameter(tree, p, i, es, e);
}

static void rewrite_one(struct tree *tree, const struct program *p, struct edits *es,
			const struct problem_sink *sink)
{
	struct function *fn = p->fn;

	if (p->section && fn->section)
		edit_replace(es, fn->section_at,
			     fn->section_at + (uint32_t)strlen(fn->section), p->section);
	else if (p->section)
		edit_insert(es, fn->begin,
			    arena_printf(tree->arena, "SEC(\"%s\")\n", p->section));
	if (p->binding == BIND_ALL_WORDS || (p->binding != BIND_NOTHING && fn->params.count > 1))
		bind_parameters(tree, p, es, sink);
}

/* Helpers are inlined as BCC's users expect, unless they say noinline. */
static void rewrite_helper(struct tree *tree, struct function *fn, struct edits *es)
{
	const char *head = tree->text + fn->begin;

	if (fn->is_noinline || fn->section)
		return;
	if (!fn->is_static) {
		edit_insert(es, fn->begin, "static __always_inline ");
		return;
	}
	if (starts_with(head, "static inline ") && !memmem(head, fn->body - fn->begin,
							   "always_inline", 13))
		edit_replace(es, fn->begin, fn->begin + 14, "static __always_inline ");
	else if (starts_with(head, "static ") && !fn->is_inline)
		edit_replace(es, fn->begin, fn->begin + 7, "static __always_inline ");
}

void programs_rewrite(struct tree *tree, const struct ptr_list *programs, struct edits *es,
		      const struct problem_sink *sink)
{
	for (size_t i = 0; i < tree->functions.count; i++) {
		struct function *fn = tree->functions.items[i];
		struct program *p = program_of(programs, fn);

		if (p)
			rewrite_one(tree, p, es, sink);
		else
			rewrite_helper(tree, fn, es);
	}
}
