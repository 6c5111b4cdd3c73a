/*
 * Entries that are handles of the library: tables in tables, programs in tables of programs. The
 * kernel takes a descriptor and keeps the object itself.
 */
#include "table/table.h"

#include <errno.h>

#include <bpf/bpf.h>

int bcc_table_set_table(struct bcc_table *outer, const void *key, struct bcc_table *inner)
{
	struct bcc_context *ctx;
	int err;

	if (!outer || !key || !inner)
		return -EINVAL;
	ctx = table_enter(outer);
	if (!table_holds_tables(outer))
		return diag_fail_hint(ctx, -EINVAL, "table", "tables are held by "
				      "BPF_ARRAY_OF_MAPS and BPF_HASH_OF_MAPS",
				      "table %s (%s) holds no tables", outer->name,
				      bcc_table_kind(outer));
	err = bpf_map_update_elem(outer->fd, key, &inner->fd, BPF_ANY);
	if (err == -EINVAL)
		return diag_fail_hint(ctx, err, "table", "kind, sizes of key and value, flags and, "
				      "for an array, the number of entries must be those of the "
				      "table that it was declared with",
				      "table %s (%s, key %zu bytes, value %zu bytes, %zu entries) "
				      "cannot be put into %s", inner->name, bcc_table_kind(inner),
				      inner->key_size, inner->value_size, inner->max_entries,
				      outer->name);
	return err ? table_fail(outer, err, "write to") : 0;
}

int bcc_table_set_program(struct bcc_table *table, uint32_t index, struct bcc_program *program)
{
	struct bcc_context *ctx;
	int err, fd;

	if (!table || !program)
		return -EINVAL;
	ctx = table_enter(table);
	if (table->map_type != BPF_MAP_TYPE_PROG_ARRAY)
		return diag_fail_hint(ctx, -EINVAL, "table", "programs are held by BPF_PROG_ARRAY",
				      "table %s (%s) holds no programs", table->name,
				      bcc_table_kind(table));
	if (bcc_module_context(bcc_program_module(program)) != ctx)
		return diag_fail(ctx, -EINVAL, "table", "program '%s' is of another context than "
				 "table %s", bcc_program_name(program), table->name);
	if (index >= table->max_entries)
		return diag_fail(ctx, -E2BIG, "table", "index %u is past the end of table %s: it "
				 "has %zu entries", index, table->name, table->max_entries);
	err = bcc_program_load(program);
	if (err)
		return err;
	fd = bcc_program_fd(program);
	err = bpf_map_update_elem(table->fd, &index, &fd, BPF_ANY);
	if (err == -EINVAL)
		return diag_fail_hint(ctx, err, "table", "a tail call stays within one type of "
				      "program: all that are in the table, and all that call "
				      "through it, must be of the same type",
				      "program '%s' cannot be put into %s: it is of another type "
				      "than the programs that use the table",
				      bcc_program_name(program), table->name);
	return err ? table_fail(table, err, "write to") : 0;
}
