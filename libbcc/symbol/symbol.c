/*
 * From addresses to names, with all that was read kept in the context. Files are known by device
 * and inode, so that a library that many processes map is read once.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include <bcc/symbol.h>

#include "context/context.h"
#include "kernel/kernel.h"
#include "symbol/symbol.h"

#define CHECK_NS 1000000000ull /* how long a process is taken to be the same one */

void bcc_symbol_init(struct bcc_symbol *symbol)
{
	*symbol = (struct bcc_symbol){ .size = sizeof(*symbol) };
}

static int context_symbols(struct bcc_context *ctx, struct symbols **out)
{
	if (!ctx->symbols)
		ctx->symbols = calloc(1, sizeof(*ctx->symbols));
	*out = ctx->symbols;
	return *out ? 0 : diag_fail(ctx, -ENOMEM, "memory", "out of memory");
}

/* Hands a symbol over in as many bytes as the caller knows of. */
static int give(struct bcc_symbol *to, const struct bcc_symbol *symbol)
{
	size_t size = to->size;

	memcpy(to, symbol, size < sizeof(*symbol) ? size : sizeof(*symbol));
	to->size = size;
	return 0;
}

static int check(struct bcc_context *ctx, const struct bcc_symbol *symbol)
{
	if (symbol && symbol->size >= sizeof(*symbol) && symbol->size <= BCC_OPTS_MAX)
		return 0;
	return diag_fail(ctx, -EINVAL, "argument",
			 "a symbol needs its size set: use bcc_symbol_init()");
}

/* --- the kernel --- */

static int hidden(struct bcc_context *ctx)
{
	struct bcc_diag *diag = diag_add(ctx, BCC_ERROR, "privilege",
					 "the kernel hides its addresses from this user");

	diag_hint(diag, "run as root, or with CAP_SYSLOG and kernel.kptr_restrict below 2");
	diag_done(ctx, diag);
	return BCC_ERR_PRIVILEGE;
}

static int kernel_symbols(struct bcc_context *ctx, struct symbols **out)
{
	static const char path[] = "/proc/kallsyms";
	int err = context_symbols(ctx, out);

	if (err || (*out)->has_kernel)
		return err;
	err = kallsyms_read(path, &(*out)->kernel);
	if (err == -EPERM || err == -EACCES)
		return hidden(ctx);
	if (err)
		return diag_fail(ctx, err, "kernel", "cannot read %s: %s", path, bcc_strerror(err));
	(*out)->has_kernel = true;
	return 0;
}

int bcc_symbol_kernel(struct bcc_context *ctx, uint64_t address, struct bcc_symbol *symbol)
{
	struct bcc_symbol found = { 0 };
	const struct symbol_entry *e;
	struct symbols *s;
	int err = check(ctx, symbol);

	if (!err)
		err = kernel_symbols(ctx, &s);
	if (err)
		return err;
	e = list_find(&s->kernel, address);
	if (e) {
		found.name = s->kernel.text + e->name;
		found.module = e->module ? s->kernel.text + e->module : NULL;
		found.offset = address - e->address;
	}
	return give(symbol, &found);
}

int bcc_symbol_kernel_address(struct bcc_context *ctx, const char *name, const char *module,
			      uint64_t *address)
{
	struct symbols *s;
	int err;

	if (!name || !address)
		return diag_fail(ctx, -EINVAL, "argument", "a name and a place for it are needed");
	err = kernel_symbols(ctx, &s);
	if (err)
		return err;
	for (size_t i = 0; i < s->kernel.n; i++) {
		const struct symbol_entry *e = &s->kernel.entries[i];

		if (strcmp(s->kernel.text + e->name, name))
			continue;
		if (module && (!e->module || strcmp(s->kernel.text + e->module, module)))
			continue;
		*address = e->address;
		return 0;
	}
	return diag_fail(ctx, -ENOENT, "symbol", "this kernel has no symbol '%s'", name);
}

/* --- processes --- */

static uint64_t now(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (uint64_t)ts.tv_sec * 1000000000 + (uint64_t)ts.tv_nsec;
}

static struct mappings **find_process(struct symbols *s, int pid)
{
	struct mappings **at = &s->processes;

	while (*at && (*at)->pid != pid)
		at = &(*at)->next;
	return at;
}

/* Whether another process has this number by now. One that ended is still itself. */
static bool is_another(struct mappings *p)
{
	uint64_t started;

	if (now() - p->seen < CHECK_NS)
		return false;
	p->seen = now();
	started = process_start_time(p->pid);
	return started && started != p->started;
}

static int cannot_read(struct bcc_context *ctx, int pid, int err)
{
	struct bcc_diag *diag;

	if (err == -ESRCH)
		return diag_fail(ctx, err, "process", "there is no process %d", pid);
	if (err != -EACCES && err != -EPERM)
		return diag_fail(ctx, err, "process", "cannot read what process %d has mapped: %s",
				 pid, bcc_strerror(err));
	diag = diag_add(ctx, BCC_ERROR, "privilege", "process %d may not be looked at by this user",
			pid);
	diag_hint(diag, "run as root, or with CAP_SYS_PTRACE");
	diag_done(ctx, diag);
	return BCC_ERR_PRIVILEGE;
}

/* Reads the process at *at anew; what is known stays when it is gone. */
static int read_again(struct mappings **at, int pid)
{
	struct mappings *p, *old = *at;
	int err = mappings_read(pid, &p);

	if (err)
		return old && err == -ESRCH ? 0 : err;
	p->next = old ? old->next : NULL;
	mappings_free(old);
	*at = p;
	return 0;
}

/* The mapping that has the address; NULL in *out when none has. */
static int find_mapping(struct bcc_context *ctx, struct symbols *s, int pid, uint64_t address,
			const struct mapping **out)
{
	struct mappings **at = find_process(s, pid);
	int err = 0;

	if (!*at || is_another(*at))
		err = read_again(at, pid);
	if (err)
		return cannot_read(ctx, pid, err);
	*out = mapping_find(*at, address);
	/* It may have mapped more since, but not too often for addresses that are just wild. */
	if (!*out && now() - (*at)->read > CHECK_NS / 10) {
		err = read_again(at, pid);
		if (err)
			return cannot_read(ctx, pid, err);
		*out = mapping_find(*at, address);
	}
	return 0;
}

/* Opens what is mapped: by the mapping itself where that is allowed, which also finds files that
 * are deleted or hidden, else by its path in the process's root. */
static void read_file(int pid, const struct mapping *m, struct symbol_list *out)
{
	char path[96], *rooted;
	struct stat st;

	snprintf(path, sizeof(path), "/proc/%d/map_files/%llx-%llx", pid,
		 (unsigned long long)m->start, (unsigned long long)m->end);
	if (!symbols_of_file(path, out) || !m->path ||
	    asprintf(&rooted, "/proc/%d/root%s", pid, m->path) < 0)
		return;
	if (!stat(rooted, &st) && st.st_ino == m->inode)
		symbols_of_file(rooted, out);
	free(rooted);
}

/* A file without symbols, or that cannot be read, is kept with an empty list. */
static const struct symbol_list *file_functions(struct symbols *s, int pid, const struct mapping *m)
{
	struct symbol_file *file;

	for (file = s->files; file; file = file->next)
		if (file->device == m->device && file->inode == m->inode)
			return &file->functions;
	file = calloc(1, sizeof(*file));
	if (!file)
		return NULL;
	file->device = m->device;
	file->inode = m->inode;
	read_file(pid, m, &file->functions);
	file->next = s->files;
	s->files = file;
	return &file->functions;
}

static const struct symbol_list *mapped_functions(struct symbols *s, int pid,
						  const struct mapping *m)
{
	if (m->path && !strcmp(m->path, "[vdso]")) {
		if (!s->has_vdso)
			symbols_of_vdso(&s->vdso);
		s->has_vdso = true;
		return &s->vdso;
	}
	return m->inode ? file_functions(s, pid, m) : NULL;
}

int bcc_symbol_user(struct bcc_context *ctx, int pid, uint64_t address, struct bcc_symbol *symbol)
{
	const struct symbol_list *functions;
	const struct symbol_entry *e = NULL;
	struct bcc_symbol found = { 0 };
	const struct mapping *m = NULL;
	struct symbols *s;
	int err = check(ctx, symbol);

	if (!err && pid <= 0)
		err = diag_fail(ctx, -EINVAL, "argument", "%d is no process", pid);
	if (!err)
		err = context_symbols(ctx, &s);
	if (!err)
		err = find_mapping(ctx, s, pid, address, &m);
	if (err)
		return err;
	if (m) {
		found.module = m->path;
		found.offset = address - m->start + m->offset;
		functions = mapped_functions(s, pid, m);
		e = functions ? list_find(functions, found.offset) : NULL;
	}
	if (e) {
		found.name = functions->text + e->name;
		found.offset -= e->address;
	}
	return give(symbol, &found);
}

/* --- the end --- */

void symbols_free(struct symbols *s)
{
	struct symbol_file *file;
	struct mappings *p;

	if (!s)
		return;
	list_free(&s->kernel);
	list_free(&s->vdso);
	while ((file = s->files)) {
		s->files = file->next;
		list_free(&file->functions);
		free(file);
	}
	while ((p = s->processes)) {
		s->processes = p->next;
		mappings_free(p);
	}
	free(s);
}

void bcc_symbol_forget(struct bcc_context *ctx, int pid)
{
	struct mappings **at, *p;

	if (!ctx->symbols)
		return;
	if (!pid) {
		symbols_free(ctx->symbols);
		ctx->symbols = NULL;
		return;
	}
	at = find_process(ctx->symbols, pid);
	p = *at;
	if (p) {
		*at = p->next;
		mappings_free(p);
	}
}
