/*
 * The arguments of one hook, from wherever they are described: BTF prototypes and structs, the format
 * files of tracefs. Memory that runs out is remembered and told when the hook is emitted.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "list/list.h"

void args_add(struct hook_args *args, const char *name, const char *type, const char *text,
	      const char *where)
{
	struct bcc_hook_arg *grown = reallocarray(args->list, args->n + 1, sizeof(*grown)), *arg;

	args->known = true;
	if (!grown) {
		args->failed = true;
		return;
	}
	args->list = grown;
	arg = &grown[args->n++];
	*arg = (struct bcc_hook_arg){
		.name = strdup(name),
		.type = strdup(type),
		.text = strdup(text),
		.where = where ? strdup(where) : NULL,
	};
	args->failed |= !arg->name || !arg->type || !arg->text || (where && !arg->where);
}

static void add_typed(struct hook_args *args, const struct kbtf *btf, uint32_t type,
		      const char *name)
{
	struct ktext bare = { 0 }, whole = { 0 };

	describe_type(btf, type, "", &bare);
	describe_type(btf, type, name, &whole);
	if (bare.failed || whole.failed || !bare.data || !whole.data)
		args->failed = true;
	else
		args_add(args, name, bare.data, whole.data, NULL);
	ktext_free(&bare);
	ktext_free(&whole);
}

void args_of_proto(struct hook_args *args, const struct kbtf *btf, uint32_t id, uint32_t first)
{
	const struct btf_type *proto = kbtf_type(btf, id);
	const struct btf_param *param = (const struct btf_param *)(proto + 1);
	struct ktext result = { 0 };

	if (kbtf_kind(proto) != BTF_KIND_FUNC_PROTO)
		return;
	args->known = true;
	for (uint32_t i = first; i < kbtf_vlen(proto); i++) {
		if (param[i].type)
			add_typed(args, btf, param[i].type, kbtf_string(btf, param[i].name_off));
		else
			args_add(args, "", "...", "...", NULL);
	}
	describe_type(btf, proto->type, "", &result);
	args->result = ktext_take(&result);
	args->failed |= !args->result;
}

void args_of_record(struct hook_args *args, const struct kbtf *btf, uint32_t id, uint32_t first)
{
	const struct btf_type *record = kbtf_type(btf, id);

	if (!kbtf_is_record(record))
		return;
	args->known = true;
	for (uint32_t i = first; i < kbtf_vlen(record); i++) {
		struct kbtf_member m = kbtf_member(btf, record, i);
		const struct btf_type *type = kbtf_type(btf, m.type);

		/* The kernel aligns the pointers that an iterator gets by putting each in a nameless
		 * union. */
		if (!m.name[0] && kbtf_is_record(type) && kbtf_vlen(type))
			m = kbtf_member(btf, type, 0);
		add_typed(args, btf, m.type, m.name);
	}
}

/* Cuts "const char * name[16]" or "__data_loc char[] name" up; decl is changed. */
static void add_field(struct hook_args *args, char *decl)
{
	static const char *const located[] = { "__data_loc ", "__rel_loc " };
	char *end = decl + strlen(decl), *name, *dimensions;
	struct ktext type = { 0 }, text = { 0 };

	for (size_t i = 0; i < 2; i++)
		if (!strncmp(decl, located[i], strlen(located[i])))
			decl += strlen(located[i]);
	while (end > decl && strchr(" \t", end[-1]))
		*--end = '\0';
	dimensions = end;
	while (dimensions > decl && dimensions[-1] == ']')
		while (dimensions > decl && *--dimensions != '[')
			;
	for (name = dimensions; name > decl && !strchr(" \t*]", name[-1]);)
		name--;
	ktext_add_n(&type, decl, (size_t)(name - decl));
	while (type.len && strchr(" \t", type.data[type.len - 1]))
		type.data[--type.len] = '\0';
	/* "char[] name", as fields of any length are written, is no C. */
	if (ktext_last(&type) == ']' && type.len > 2)
		ktext_printf(&text, "%.*s %s[]", (int)type.len - 2, type.data, name);
	else
		ktext_printf(&text, "%s%s%s", type.data ? type.data : "",
			     ktext_last(&type) == '*' ? "" : " ", name);
	ktext_add(&type, dimensions);
	*dimensions = '\0';
	if (type.failed || text.failed)
		args->failed = true;
	else
		args_add(args, name, type.data ? type.data : "", text.data, NULL);
	ktext_free(&type);
	ktext_free(&text);
}

void args_of_format(struct hook_args *args, const char *text, uint32_t first)
{
	args->known = true;
	for (const char *line = text; line; line = strchr(line, '\n')) {
		const char *field = line + strspn(line, " \t\n"), *end = strpbrk(field, ";\n");
		unsigned offset;
		char *decl;

		line = field;
		if (strncmp(field, "field:", 6) || !end ||
		    sscanf(end, "; offset:%u", &offset) != 1 || offset < first)
			continue;
		decl = strndup(field + 6, (size_t)(end - field - 6));
		if (decl)
			add_field(args, decl);
		else
			args->failed = true;
		free(decl);
	}
}

void args_free(struct hook_args *args)
{
	for (size_t i = 0; i < args->n; i++) {
		free((char *)args->list[i].name);
		free((char *)args->list[i].type);
		free((char *)args->list[i].text);
		free((char *)args->list[i].where);
	}
	free(args->list);
	free(args->result);
	*args = (struct hook_args){ 0 };
}
