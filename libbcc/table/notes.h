/*
 * What an object notes about its tables beyond their maps: variables in the section .bcc.tables,
 * named after the table, read from the object's BTF. All are optional; a stock libbpf object has
 * none of them.
 *
 *   T_event       a pointer to the type of table T's records
 *   T_histogram   T was declared as BPF_HISTOGRAM
 *   T_perf_array  T was declared as BPF_PERF_ARRAY: its entries are counters, not buffers
 *   T_public      T is known to the other modules of its context
 *   T_extern      T is the public table of that name of another module
 *   T_pin         T is pinned on bpffs, at the path that is the variable's BTF declaration tag
 */
#ifndef BCC_TABLE_NOTES_H
#define BCC_TABLE_NOTES_H

#include <stdbool.h>
#include <stdint.h>

struct btf;

/* The BTF id of the variable TABLE SUFFIX in a section; 0 when there is none, or no BTF. */
uint32_t notes_variable(const struct btf *btf, const char *section, const char *table,
			const char *suffix);

/* Whether a table has a note, and the type of the note's variable (0: no such note). */
bool notes_has(const struct btf *btf, const char *table, const char *suffix);
uint32_t notes_type(const struct btf *btf, const char *table, const char *suffix);

/* The text that a note carries as its declaration tag; NULL when there is none. It lives as long
 * as the BTF. */
const char *notes_text(const struct btf *btf, const char *table, const char *suffix);

#endif
