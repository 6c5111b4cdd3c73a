/* Keys and values of tables, for the files that show them. */
#ifndef BPFCC_SHOW_VALUE_H
#define BPFCC_SHOW_VALUE_H

#include "show.h"

bool value_is_number(const struct bcc_type *type);
int64_t value_number(const struct bcc_type *type, const void *data);

/* The number in an entry's value, over all CPUs. */
int64_t value_sum(const struct bcc_table *table, const char *value);

bool value_is_zero(const char *value, size_t size);

/* As text or JSON, to be freed with free(). NULL when memory ran out. */
char *value_format(const struct bcc_type *type, const void *data, bool json);

/* The same for an entry's value, over all CPUs. */
char *value_format_all(const struct bcc_table *table, const void *value, bool json);

/* show_hist.c. A negative error when the table cannot be read. */
int show_histogram(struct bcc_table *table, const struct table_style *style);

#endif
