/*
 * Reads the notes of an object's tables: see notes.h. The BTF was read by libbpf, which has checked
 * that ids and strings lie within it.
 */
#include "table/notes.h"

#include <string.h>

#include <bpf/btf.h>

#define NOTES ".bcc.tables"

uint32_t notes_variable(const struct btf *btf, const char *section, const char *table,
			const char *suffix)
{
	const struct btf_var_secinfo *info;
	const struct btf_type *sec, *var;
	size_t n = strlen(table);
	const char *name;
	int id;

	id = btf ? btf__find_by_name_kind(btf, section, BTF_KIND_DATASEC) : -1;
	if (id < 0)
		return 0;
	sec = btf__type_by_id(btf, id);
	info = btf_var_secinfos(sec);
	for (int i = 0; i < btf_vlen(sec); i++) {
		var = btf__type_by_id(btf, info[i].type);
		if (!var || !btf_is_var(var))
			continue;
		name = btf__name_by_offset(btf, var->name_off);
		if (name && !strncmp(name, table, n) && !strcmp(name + n, suffix))
			return info[i].type;
	}
	return 0;
}

bool notes_has(const struct btf *btf, const char *table, const char *suffix)
{
	return notes_variable(btf, NOTES, table, suffix) != 0;
}

uint32_t notes_type(const struct btf *btf, const char *table, const char *suffix)
{
	uint32_t id = notes_variable(btf, NOTES, table, suffix);

	return id ? btf__type_by_id(btf, id)->type : 0;
}

const char *notes_text(const struct btf *btf, const char *table, const char *suffix)
{
	uint32_t id = notes_variable(btf, NOTES, table, suffix);
	uint32_t n = id ? btf__type_cnt(btf) : 0;

	for (uint32_t i = 1; i < n; i++) {
		const struct btf_type *t = btf__type_by_id(btf, i);

		if (btf_is_decl_tag(t) && t->type == id)
			return btf__name_by_offset(btf, t->name_off);
	}
	return NULL;
}
